/** What a block of results is made of: sums of products of two factors, of which a matrix product is the plainest. */
import type { Expression, Node } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import { WORDS } from "../place.ts";
import type { Emitter, Leaf } from "../wgsl/emitter.ts";
import { indexAt, product, quotient, sum } from "../wgsl/index.ts";
import { innerSize } from "../wgsl/lowerings.ts";
import { sizesOf } from "../wgsl/sizes.ts";

/** A factor, row by row or column by column (a line), and term by term. */
export interface Factor {
  /** Whether terms lie side by side, rather than lines. */
  readonly termsInner: boolean;
  /** An element of it. */
  at(line: string, term: string): string;
  /** Four elements side by side from these on, if they can be read at once; else null. */
  four(line: string, term: string): string | null;
  /** Computes beforehand what its elements of a line have in common. */
  settle?(line: string): void;
}

/** Sums of products, with their sizes by name. */
export interface Product {
  /** Products that are made side by side. */
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
  /** Both factors of one of those products. */
  factors(emitter: Emitter, batch: string): readonly [Factor, Factor];
  /** The place of a result in row-major order. */
  place(emitter: Emitter, at: readonly [batch: string, row: string, column: string]): string;
}

/** A matrix product. */
export function matrixProduct(node: Expression & Node<"matmul">): Product {
  const [rows, columns] = sizesOf(node).slice(-2);
  const before = sizesOf(node).slice(0, -2);
  return {
    ...{ batch: count(before), rows, columns, terms: innerSize(node) },
    factors(emitter, batch) {
      const [a, b] = node.inputs;
      const { transposeA, transposeB } = node.attributes;
      const coordinates = before.length === 0
        ? []
        : emitter.coordinates({ shape: before, linear: batch, coordinates: null });
      return [
        new MatrixFactor(emitter, a, { batch: coordinates, termsInner: !transposeA }),
        new MatrixFactor(emitter, b, { batch: coordinates, termsInner: transposeB }),
      ];
    },
    place: (_emitter, [batch, row, column]) =>
      sum(product(sum(product(batch, rows), row), columns), column),
  };
}

/** A tensor as a factor: its last two axes are lines and terms, in one order or the other. */
export class MatrixFactor implements Factor {
  readonly #emitter: Emitter;
  readonly #x: Expression;
  readonly #batch: readonly string[];
  readonly termsInner: boolean;

  constructor(
    emitter: Emitter,
    x: Expression,
    { batch, termsInner }: { readonly batch: readonly string[]; readonly termsInner: boolean },
  ) {
    this.#emitter = emitter;
    this.#x = x;
    this.termsInner = termsInner;
    const sizes = sizesOf(x);
    const own = batch.slice(batch.length - (sizes.length - 2));
    this.#batch = own.map((c, i) => sizes[i] === 1 ? "0u" : c);
  }

  at(line: string, term: string): string {
    const last = this.termsInner ? [line, term] : [term, line];
    return this.#emitter.at(this.#x, indexAt(sizesOf(this.#x), [...this.#batch, ...last]));
  }

  four(line: string, term: string): string | null {
    const emitter = this.#emitter;
    const leaf = leafBehind(emitter, this.#x);
    const sizes = sizesOf(this.#x);
    if (leaf?.kind !== "place" || sizes.at(-1)! % 4 !== 0) return null;
    const { place } = leaf;
    if (WORDS[place.dtype] !== "f32" || place.level !== null) return null;
    if (emitter.bindings.writes.has(place.arena)) return null;
    const last = this.termsInner ? [line, quotientOfFour(term)] : [term, quotientOfFour(line)];
    const fours = [...sizes.slice(0, -1), sizes.at(-1)! / 4];
    const linear = emitter.linear(indexAt(fours, [...this.#batch, ...last]));
    return emitter.define(emitter.bindings.loadFour(place, linear));
  }
}

/** What an expression is to a function, whatever shape it is given on the way. */
export function leafBehind(emitter: Emitter, x: Expression): Leaf | null {
  const leaf = emitter.leafOf(x);
  return leaf === null && x.op === "reshape" ? leafBehind(emitter, x.inputs[0]) : leaf;
}

/** A quarter of a number that four divides. */
function quotientOfFour(text: string): string {
  return quotient(text, 4);
}
