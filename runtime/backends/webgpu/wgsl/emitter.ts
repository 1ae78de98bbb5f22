import type { DType, Expression, Node, OpName } from "../../../../graph/mod.ts";
import { count, stridesOf } from "../../../../graph/shape.ts";
import { type Arena, type Place, WORDS } from "../place.ts";
import {
  type Index,
  indexAt,
  indexKey,
  linearIndex,
  product,
  quotient,
  remainder,
  sum,
} from "./index.ts";

/** How an op is written. */
export interface Lowering<K extends OpName> {
  /** One element of the result, as text. */
  at(node: Node<K>, index: Index, emitter: Emitter): string;
  /** Operations for one element, roughly, without those of its inputs. */
  cost(node: Node<K>): number;
  /** How many elements of each input one element of the result is made of, at most. */
  reads(node: Node<K>): number;
  /**
   * Whether one element is made of the elements at the same place in row-major order of those inputs that have as many:
   * then the op can end the kernel that made its input.
   */
  readonly pointwise: boolean;
}

/** How the op of an expression is written. */
export type LoweringOf = (node: Expression) => Lowering<OpName>;

/** What an expression is to a kernel that does not compute it. */
export type Leaf =
  | { readonly kind: "place"; readonly place: Place }
  /** The index of the loop at that level. */
  | { readonly kind: "index"; readonly level: number }
  /** Stands for another expression, of the block around. */
  | { readonly kind: "expression"; readonly expression: Expression };

/** How a kernel finds the tensors that others made; null for what it computes itself. */
export type Leaves = (node: Expression) => Leaf | null;

/** A name or a number. */
const SHORT = /^(\w+|\(?-?[\w.]+\)?)$/;

/** What a kernel of several functions binds and calls. */
export class Bindings {
  /** Arenas that are read, in order of appearance. */
  readonly read: Set<Arena> = new Set<Arena>();
  /** Arenas that are written, and maybe read. */
  readonly written: Set<Arena> = new Set<Arena>();
  /** Arenas that are read by fours. */
  readonly fours: Set<Arena> = new Set<Arena>();
  /** Functions of the library. */
  readonly uses: Set<string> = new Set<string>();
  /** Whether it asks for loop indices. */
  frame = false;
  /** Words of workgroup memory, which all functions use in turn. */
  readonly shared: { f32: number; i32: number; flags: number } = { f32: 0, i32: 0, flags: 0 };

  /** @param writes Arenas that some function of the kernel writes. */
  constructor(readonly writes: ReadonlySet<Arena>) {}

  /** The index of the loop at a level, signed. */
  level(level: number): string {
    this.frame = true;
    return `frame.at[${level >> 2}u][${level & 3}u]`;
  }

  /** The element of a tensor at a place in row-major order. */
  load(place: Place, linear: string): string {
    (this.writes.has(place.arena) ? this.written : this.read).add(place.arena);
    const word = `${place.arena.name}[${this.#address(place, linear)}]`;
    return place.dtype === "bool" ? `(${word} != 0i)` : word;
  }

  /** Four elements from a place whose row-major number is a multiple of four. */
  loadFour(place: Place, fours: string): string {
    this.fours.add(place.arena);
    return `${place.arena.name}_4[${sum(`${place.offset / 4}u`, fours)}]`;
  }

  /** Workgroup memory of as many words. */
  share(dtype: DType, words: number): string {
    const type = WORDS[dtype];
    this.shared[type] = Math.max(this.shared[type], words);
    return type === "f32" ? "shared_" : "sharedi_";
  }

  /** Workgroup memory of as many words of bits that all invocations may set at once. */
  shareFlags(words: number): string {
    this.shared.flags = Math.max(this.shared.flags, words);
    return "flags_";
  }

  /** A statement that stores an element. */
  store(place: Place, linear: string, value: string): string {
    this.written.add(place.arena);
    const word = place.dtype === "bool" ? `select(0i, 1i, ${value})` : value;
    return `${place.arena.name}[${this.#address(place, linear)}] = ${word};`;
  }

  #address({ offset, length, level }: Place, linear: string): string {
    const within = sum(`${offset}u`, linear);
    return level === null ? within : sum(`u32(${this.level(level)}) * ${length}u`, within);
  }
}

interface Scope {
  readonly lines: string[];
  /** Names of what was computed here. */
  readonly known: Map<string, string>;
}

/**
 * Writes the statements of one function. An expression is asked for at an index and asks for its inputs at theirs, so
 * that layout is index arithmetic and nothing is stored on the way; what was computed once in a scope is a name.
 */
export class Emitter {
  readonly bindings: Bindings;
  readonly #leaves: Leaves;
  readonly #lowering: LoweringOf;
  readonly #scopes: Scope[] = [{ lines: [], known: new Map() }];
  #names = 0;

  constructor(bindings: Bindings, leaves: Leaves, lowering: LoweringOf) {
    this.bindings = bindings;
    this.#leaves = leaves;
    this.#lowering = lowering;
  }

  /** The statements so far. */
  get lines(): readonly string[] {
    return this.#scopes[0].lines;
  }

  /** Adds a statement. */
  line(text: string): void {
    const { lines } = this.#scopes.at(-1)!;
    lines.push("  ".repeat(this.#scopes.length - 1) + text);
  }

  /** A name for a value. */
  define(value: string): string {
    if (SHORT.test(value)) return value;
    return this.#once(value, () => value);
  }

  /** A variable. */
  variable(initial: string): string {
    const name = this.name("r");
    this.line(`var ${name} = ${initial};`);
    return name;
  }

  /** A name that is not taken. */
  name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  /** A block: what is computed in it is not known after it. */
  block(header: string, body: () => void): void {
    this.line(`${header} {`);
    this.#scopes.push({ lines: [], known: new Map() });
    body();
    const { lines } = this.#scopes.pop()!;
    for (const text of lines) this.#scopes.at(-1)!.lines.push(text);
    this.line("}");
  }

  /** Numbers from 0 on. */
  each(length: number, body: (i: string) => void): void {
    if (length === 1) return body("0u");
    const i = this.name("k");
    this.block(`for (var ${i} = 0u; ${i} < ${length}u; ${i}++)`, () => body(i));
  }

  /** A function of the library, to be called. */
  use(name: string): string {
    this.bindings.uses.add(name);
    return name;
  }

  /** Says what the value of an expression at an index is. */
  preset(node: Expression, index: Index, value: string): void {
    this.#scopes.at(-1)!.known.set(`${node.id}@${indexKey(index)}`, value);
  }

  /** What an expression is to this function, if it does not compute it. */
  leafOf(node: Expression): Leaf | null {
    return this.#leaves(node);
  }

  /** The value of an expression at an index into its shape. */
  at(node: Expression, index: Index): string {
    return this.#once(`${node.id}@${indexKey(index)}`, () => this.#value(node, index));
  }

  /** The index's place in row-major order. */
  linear(index: Index): string {
    if (index.linear !== null) return index.linear;
    const strides = stridesOf(index.shape);
    const terms = index.coordinates!.map((c, i) => product(c, strides[i]));
    return this.define(terms.reduce(sum, "0u"));
  }

  /** The index's coordinates. */
  coordinates(index: Index): readonly string[] {
    if (index.coordinates !== null) return index.coordinates;
    const { shape } = index;
    const strides = stridesOf(shape);
    const first = shape.findIndex((size) => size > 1);
    return shape.map((size, i) => {
      if (size <= 1) return "0u";
      const whole = quotient(index.linear!, strides[i]);
      return this.define(i === first ? whole : remainder(whole, size));
    });
  }

  /** An index into a tensor as one into another that broadcasts to it. */
  broadcast(index: Index, shape: readonly number[]): Index {
    const { shape: from } = index;
    if (from.length === shape.length && from.every((size, i) => size === shape[i])) return index;
    if (count(shape) === count(from)) return this.reshape(index, shape);
    if (count(shape) === 1) return linearIndex(shape, "0u");
    const all = this.coordinates(index).slice(from.length - shape.length);
    return indexAt(shape, shape.map((size, i) => size === 1 ? "0u" : all[i]));
  }

  /** An index into a tensor as one into the same elements under another shape. */
  reshape(index: Index, shape: readonly number[]): Index {
    return linearIndex(shape, this.linear(index));
  }

  #value(node: Expression, index: Index): string {
    const leaf = this.#leaves(node);
    switch (leaf?.kind) {
      case undefined:
        return this.#lowering(node).at(node as never, index, this);
      case "place":
        return this.bindings.load(leaf.place, this.linear(index));
      case "index":
        return this.bindings.level(leaf.level);
      case "expression":
        return this.at(leaf.expression, index);
      default:
        return leaf satisfies never;
    }
  }

  #once(key: string, make: () => string): string {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const name = this.#scopes[i].known.get(key);
      if (name !== undefined) return name;
    }
    const value = make();
    let name = value;
    if (!SHORT.test(value)) {
      name = this.name("v");
      this.line(`let ${name} = ${value};`);
    }
    this.#scopes.at(-1)!.known.set(key, name);
    return name;
  }
}
