/**
 * Matrix products: blocks of results in registers.
 *
 * Each invocation makes a block of rows x columns, so that a number that was read is used as often as the block is wide or
 * high. On a GPU a workgroup's blocks are one tile, whose factors it reads once into workgroup memory; on a processor that
 * plays a GPU, memory is a cache anyway and barriers cost: there each invocation reads for itself, four numbers at a time.
 */
import { Emitter } from "../wgsl/emitter.ts";
import { product, quotient, remainder, sum } from "../wgsl/index.ts";
import { lowering } from "../wgsl/lowerings.ts";
import { type Part, type PartOptions, storeAll } from "./part.ts";
import type { Factor, Product } from "./product.ts";

/** Rows and columns of a block at most: 8 x 8 measured best of 4 x 4 to 32 x 8 in software. */
const MOST = 8;
/** Terms in a tile. */
const DEEP = 16;
/** Invocations along each side of a tile. */
const SIDE = 8;

/** Writes the part of a group that begins with a matrix product. */
export function contractionPart(options: PartOptions, product: Product): Part {
  const { tiled } = options.layout;
  const large = product.rows >= SIDE && product.columns >= SIDE;
  return tiled && large ? tiledPart(options, product) : blockPart(options, product);
}

/** The greatest power of two that is at most `size` and `most`. */
export function sideOf(size: number, most: number): number {
  let side = 1;
  while (side * 2 <= Math.min(size, most)) side *= 2;
  return side;
}

/** Each invocation makes a block by itself. */
function blockPart(options: PartOptions, all: Product): Part {
  const { bindings, leaves, layout: { lanes } } = options;
  const { batch, rows, columns, terms } = all;
  const emitter = new Emitter(bindings, leaves, lowering);
  const high = sideOf(rows, MOST);
  const wide = sideOf(columns, MOST);
  const [down, across] = [Math.ceil(rows / high), Math.ceil(columns / wide)];
  const blocks = batch * down * across;
  emitter.line(`let block = group * ${lanes}u + lane;`);
  emitter.line(`if (block >= ${blocks}u) { return; }`);
  const row = emitter.define(product(remainder("block", down), high));
  const column = emitter.define(product(remainder(quotient("block", down), across), wide));
  const which = emitter.define(quotient("block", across * down));
  const [a, b] = all.factors(emitter, batch === 1 ? "0u" : which);
  const names = grid(high, wide, (r, c) => `c${r}_${c}`);
  for (const name of names) emitter.line(`var ${name} = 0.0f;`);
  const step = terms % 4 === 0 ? 4 : 1;
  for (let i = 0; i < high; i++) a.settle?.(sum(row, `${i}u`));
  for (let i = 0; i < wide; i++) b.settle?.(sum(column, `${i}u`));
  emitter.block(`for (var k = 0u; k < ${terms}u; k += ${step}u)`, () => {
    const left = fragment(a, { at: (i) => sum(row, `${i}u`), lines: high, step });
    const right = fragment(b, { at: (i) => sum(column, `${i}u`), lines: wide, step });
    for (let q = 0; q < step; q++) {
      for (let r = 0; r < high; r++) {
        for (let c = 0; c < wide; c++) {
          const name = `c${r}_${c}`;
          emitter.line(`${name} = ${name} + ${left(r, q)} * ${right(c, q)};`);
        }
      }
    }
  });
  const store = (r: string, c: string, value: string): void =>
    emitter.block(`if (${r} < ${rows}u && ${c} < ${columns}u)`, () => {
      storeAll(emitter, options, emitter.define(all.place(emitter, [which, r, c])), value);
    });
  storeBlock(emitter, names, { wide, row, column, far: 1, lanes }, store);
  return { lines: emitter.lines, workgroups: Math.ceil(blocks / lanes), work: workOf(all) };
}

/** Elements of a factor that a block needs for `step` terms from k on, as text by line and term. */
export function fragment(
  factor: Factor,
  { at, lines, step }: {
    /** The number of a line; every four from a multiple of four on lie side by side. */
    readonly at: (line: number) => string;
    readonly lines: number;
    readonly step: number;
  },
): (line: number, term: number) => string {
  if (step === 4 && factor.termsInner) {
    const fours = Array.from({ length: lines }, (_, i) => factor.four(at(i), "k"));
    if (fours.every((name) => name !== null)) return (i, q) => `${fours[i]}.${"xyzw"[q]}`;
  } else if (!factor.termsInner && lines % 4 === 0) {
    const fours = Array.from(
      { length: step },
      (_, q) =>
        Array.from({ length: lines / 4 }, (_, i) => factor.four(at(4 * i), sum("k", `${q}u`))),
    );
    if (fours.flat().every((name) => name !== null)) {
      return (i, q) => `${fours[q][i >> 2]}.${"xyzw"[i & 3]}`;
    }
  }
  const ones = Array.from(
    { length: step },
    (_, q) => Array.from({ length: lines }, (_, i) => factor.at(at(i), sum("k", `${q}u`))),
  );
  return (i, q) => ones[q][i];
}

/** A workgroup makes a tile: it reads both factors into workgroup memory, then multiplies from there. */
function tiledPart(options: PartOptions, all: Product): Part {
  const { bindings, leaves, layout: { lanes, busy } } = options;
  const { batch, rows, columns, terms } = all;
  const emitter = new Emitter(bindings, leaves, lowering);
  const lines = lanes / SIDE; // invocations down a tile
  const many = batch * Math.ceil(rows / (lines * MOST)) * Math.ceil(columns / (SIDE * MOST));
  const block = many >= busy ? MOST : MOST / 2;
  const [high, wide] = [lines * block, SIDE * block];
  const [down, across] = [Math.ceil(rows / high), Math.ceil(columns / wide)];
  const shared = bindings.share("f32", DEEP * (high + wide));
  const row = emitter.define(product(remainder(quotient("group", across), down), high));
  const column = emitter.define(product(remainder("group", across), wide));
  const which = emitter.define(quotient("group", across * down));
  emitter.line(`let down = lane / ${SIDE}u;`);
  emitter.line(`let across = lane % ${SIDE}u;`);
  const [a, b] = all.factors(emitter, batch === 1 ? "0u" : which);
  const names = grid(block, block, (r, c) => `c${r}_${c}`);
  for (const name of names) emitter.line(`var ${name} = 0.0f;`);
  const fetch = (
    factor: Factor,
    { from, length, size, offset }: { from: string; length: number; size: number; offset: number },
  ): void => {
    const e = emitter.name("e");
    emitter.block(`for (var ${e} = lane; ${e} < ${DEEP * length}u; ${e} += ${lanes}u)`, () => {
      // Neighbours read neighbours.
      const [line, term] = factor.termsInner
        ? [quotient(e, DEEP), remainder(e, DEEP)]
        : [remainder(e, length), quotient(e, length)];
      const [l, t] = [emitter.define(line), emitter.define(term)];
      const value = emitter.variable("0.0f");
      const [at, k] = [emitter.define(sum(from, l)), emitter.define(sum("k", t))];
      emitter.block(`if (${at} < ${size}u && ${k} < ${terms}u)`, () => {
        emitter.line(`${value} = ${factor.at(at, k)};`);
      });
      emitter.line(`${shared}[${sum(`${offset}u`, sum(product(t, length), l))}] = ${value};`);
    });
  };
  emitter.block(`for (var k = 0u; k < ${terms}u; k += ${DEEP}u)`, () => {
    fetch(a, { from: row, length: high, size: rows, offset: 0 });
    fetch(b, { from: column, length: wide, size: columns, offset: DEEP * high });
    emitter.line("workgroupBarrier();");
    emitter.block(`for (var q = 0u; q < ${DEEP}u; q++)`, () => {
      const left = Array.from(
        { length: block },
        (_, r) => emitter.define(`${shared}[q * ${high}u + down * ${block}u + ${r}u]`),
      );
      const right = Array.from(
        { length: block },
        (_, c) =>
          emitter.define(`${shared}[${DEEP * high}u + q * ${wide}u + across + ${c * SIDE}u]`),
      );
      for (let r = 0; r < block; r++) {
        for (let c = 0; c < block; c++) {
          emitter.line(`c${r}_${c} = c${r}_${c} + ${left[r]} * ${right[c]};`);
        }
      }
    });
    emitter.line("workgroupBarrier();");
  });
  const store = (r: string, c: string, value: string): void =>
    emitter.block(`if (${r} < ${rows}u && ${c} < ${columns}u)`, () => {
      storeAll(emitter, options, emitter.define(all.place(emitter, [which, r, c])), value);
    });
  const first = emitter.define(`${row} + down * ${block}u`);
  const left = emitter.define(`${column} + across`);
  storeBlock(emitter, names, { wide: block, row: first, column: left, far: SIDE, lanes }, store);
  return { lines: emitter.lines, workgroups: batch * down * across, work: workOf(all) };
}

/**
 * Stores a block element by element, in a loop, since what ends a kernel may be long. The block lies in workgroup memory
 * meanwhile: drivers make a ladder of branches of an index into an invocation's own array.
 */
function storeBlock(
  emitter: Emitter,
  names: readonly string[],
  { wide, row, column, far, lanes }: {
    readonly wide: number;
    readonly row: string;
    readonly column: string;
    /** Columns between neighbours in a block. */
    readonly far: number;
    readonly lanes: number;
  },
  store: (row: string, column: string, value: string) => void,
): void {
  if (names.length === 1) return store(row, column, names[0]);
  const shared = emitter.bindings.share("f32", lanes * names.length);
  names.forEach((name, j) => emitter.line(`${shared}[${j * lanes}u + lane] = ${name};`));
  emitter.each(names.length, (j) => {
    const r = emitter.define(sum(row, quotient(j, wide)));
    const c = emitter.define(sum(column, product(remainder(j, wide), far)));
    store(r, c, emitter.define(`${shared}[${j} * ${lanes}u + lane]`));
  });
}

export function grid(
  rows: number,
  columns: number,
  name: (row: number, column: number) => string,
): string[] {
  return Array.from(
    { length: rows * columns },
    (_, i) => name(Math.floor(i / columns), i % columns),
  );
}

export function workOf({ batch, rows, columns, terms }: Product): number {
  return 2 * batch * rows * columns * terms;
}
