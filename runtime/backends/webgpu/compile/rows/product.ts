/**
 * Matrix products of a tile with what all tiles share, by one workgroup: rows come from workgroup memory, shared factors
 * from storage, where all workgroups read the same, so that a GPU has them in its cache.
 *
 * The terms of a result are added in an order that its row alone decides: neither the size of the tile nor the row's place
 * in it has a part in it.
 */
import { WORDS } from "../../place.ts";
import type { Place } from "../../place.ts";
import type { Emitter } from "../../wgsl/emitter.ts";
import { product as times, quotient, remainder, sum } from "../../wgsl/index.ts";
import { fragment, grid } from "../contraction.ts";
import type { Product } from "../product.ts";

/** Blocks of results in registers that an invocation may make, the largest first. */
const BLOCKS = [[8, 8], [8, 4], [4, 4], [2, 4], [1, 4], [1, 2], [1, 1]] as const;

/** Columns that lie side by side in a block. */
const SIDE = 4;

/** Results in a row of which several invocations add up parts, as there are too few for one each. */
const NARROW = 4;
/** Terms from which that pays. */
const LONG = 64;
/** Invocations that add up one result then: as many for any size of tile. */
const PARTNERS = 16;

/** How a workgroup shares a product. */
export interface Sharing {
  /** Rows and columns of a block. */
  readonly high: number;
  readonly wide: number;
  /** Blocks along each side. */
  readonly down: number;
  readonly across: number;
  /** Whether every invocation has one block at most: then results may lie where factors lay. */
  readonly once: boolean;
}

/** How `lanes` invocations share a product. */
export function sharingOf({ rows, columns }: Product, lanes: number): Sharing {
  const all = BLOCKS
    .filter(([high, wide]) => high <= rows && wide <= Math.max(columns, 1))
    .map(([high, wide]) => {
      const [down, across] = [Math.ceil(rows / high), Math.ceil(columns / wide)];
      return { high, wide, down, across, once: down * across <= lanes };
    });
  return all.find(({ down, across }) => down * across >= lanes) ?? all.at(-1)!;
}

/** Whether a product is so narrow that invocations add up parts of its results. */
export function isNarrow({ columns, terms }: Product): boolean {
  return columns <= NARROW && terms >= LONG;
}

/** Words of workgroup memory in which a product's results first lie. */
export function roomOf(product: Product): number {
  const { rows, columns } = product;
  return rows * columns * (isNarrow(product) ? PARTNERS : 1);
}

/** Results, one after the other, at a place that may be where factors lay. */
export function writeBlocks(
  emitter: Emitter,
  product: Product,
  { lanes, raw }: { readonly lanes: number; readonly raw: Place },
): void {
  const { rows, columns, terms } = product;
  const { high, wide, down, across, once } = sharingOf(product, lanes);
  const blocks = down * across;
  const names = grid(high, wide, (r, c) => `c${r}_${c}`);
  const side = Math.min(wide, SIDE);
  /** Neighbours read neighbours: what lies beyond four columns is as many further on as there are in a line of blocks. */
  const columnOf = (block: string, c: number): string =>
    sum(
      times(remainder(block, across), side),
      `${Math.floor(c / side) * side * across + c % side}u`,
    );
  const rowOf = (block: string): string => times(quotient(block, across), high);
  const add = (block: string): void => {
    const row = emitter.define(rowOf(block));
    const [a, b] = product.factors(emitter, "0u");
    for (const name of names) emitter.line(`var ${name} = 0.0f;`);
    const step = terms % 4 === 0 ? 4 : 1;
    emitter.block(`for (var k = 0u; k < ${terms}u; k += ${step}u)`, () => {
      const left = fragment(a, { at: (r) => sum(row, `${r}u`), lines: high, step });
      const right = fragment(b, { at: (c) => columnOf(block, c), lines: wide, step });
      for (let q = 0; q < step; q++) {
        for (let r = 0; r < high; r++) {
          for (let c = 0; c < wide; c++) {
            const name = `c${r}_${c}`;
            emitter.line(`${name} = ${name} + ${left(r, q)} * ${right(c, q)};`);
          }
        }
      }
    });
  };
  const { bindings } = emitter;
  const fours = side === SIDE && columns % SIDE === 0;
  const store = (block: string): void => {
    for (let r = 0; r < high; r++) {
      const row = emitter.define(sum(rowOf(block), `${r}u`));
      for (let c = 0; c < wide; c += fours ? SIDE : 1) {
        const column = emitter.define(columnOf(block, c));
        const at = sum(times(row, columns), column);
        const values = names.slice(r * wide + c, r * wide + c + SIDE).join(", ");
        const text = fours
          ? `${bindings.loadFour(raw, quotient(at, SIDE))} = vec4<f32>(${values});`
          : bindings.store(raw, at, names[r * wide + c]);
        emitter.line(`if (${row} < ${rows}u && ${column} < ${columns}u) { ${text} }`);
      }
    }
  };
  if (!once) {
    return emitter.block(`for (var block = lane; block < ${blocks}u; block += ${lanes}u)`, () => {
      add("block");
      store("block");
    });
  }
  emitter.line(`let block = min(lane, ${blocks - 1}u);`);
  add("block");
  emitter.line("workgroupBarrier();");
  if (blocks < lanes) emitter.block(`if (lane < ${blocks}u)`, () => store("block"));
  else store("block");
}

/** Parts of results: `PARTNERS` of them side by side for each. */
export function writeParts(
  emitter: Emitter,
  product: Product,
  { lanes, raw }: { readonly lanes: number; readonly raw: Place },
): void {
  const { columns, terms } = product;
  const length = roomOf(product);
  emitter.block(`for (var j = lane; j < ${length}u; j += ${lanes}u)`, () => {
    const result = emitter.define(quotient("j", PARTNERS));
    const row = emitter.define(quotient(result, columns));
    const column = emitter.define(remainder(result, columns));
    const [a, b] = product.factors(emitter, "0u");
    const total = emitter.variable("0.0f");
    const k = emitter.name("k");
    const from = remainder("j", PARTNERS);
    emitter.block(`for (var ${k} = ${from}; ${k} < ${terms}u; ${k} += ${PARTNERS}u)`, () => {
      emitter.line(`${total} = ${total} + ${a.at(row, k)} * ${b.at(column, k)};`);
    });
    emitter.line(emitter.bindings.store(raw, "j", total));
  });
}

/** A result at a place in row-major order, once it lies in workgroup memory. */
export function readResult(
  emitter: Emitter,
  product: Product,
  { raw, at }: { readonly raw: Place; readonly at: string },
): string {
  const { bindings } = emitter;
  if (!isNarrow(product)) return emitter.define(bindings.load(raw, at));
  const parts = Array.from(
    { length: PARTNERS },
    (_, p) => bindings.load(raw, sum(times(at, PARTNERS), `${p}u`)),
  );
  return emitter.define(parts.reduce((a, b) => `(${a} + ${b})`));
}

/** Whether words at a place can be results: reals, one for each. */
export function holdsResults(
  { length, dtype }: Pick<Place, "length" | "dtype">,
  { rows, columns }: Product,
): boolean {
  return WORDS[dtype] === "f32" && length === rows * columns;
}
