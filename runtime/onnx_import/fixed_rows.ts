/**
 * Files that were exported for a fixed number of rows hold that number where they mean "all rows". Each row is computed
 * by itself, so it may be taken for any number of rows. What is guessed wrong does not fit and is refused: for
 * the number of rows the file was exported for, the graph that is read computes what the file does.
 */
import { broadcast, type Dim, type Expression, slice } from "../../graph/mod.ts";
import { ROWS } from "./count.ts";
import type { Reading } from "./node_view.ts";

/** Sizes that a node asks for, where a first size of the fixed number of rows means all rows. */
export function withRows(shape: readonly Dim[], { fixedRows }: Reading): readonly Dim[] {
  const means = fixedRows !== null && fixedRows > 1 && shape[0] === fixedRows;
  return means ? [ROWS, ...shape.slice(1)] : shape;
}

/**
 * The sizes that a reshape asks for, with the rows of what is reshaped kept where they are.
 *
 * @param from Sizes of what is reshaped.
 * @param to Sizes asked for; one may be -1.
 */
export function keepingRows(
  from: readonly Dim[],
  to: readonly Dim[],
  { fixedRows }: Reading,
): readonly Dim[] {
  const rows = from.indexOf(ROWS);
  if (fixedRows === null || rows < 0 || to.includes(ROWS)) return to;
  const before = product(from.slice(0, rows));
  const at = to.findIndex((dim, i) => dim === fixedRows && product(to.slice(0, i)) === before);
  return at < 0 ? to : to.map((dim, i) => i === at ? ROWS : dim);
}

function product(dims: readonly Dim[]): number {
  return dims.reduce<number>((n, dim) => n * Number(dim), 1);
}

/**
 * Expressions that are to be combined, aligned at their last axes, all with rows where one has them.
 *
 * @param options.stretch Whether an axis of size 1 must be stretched, too.
 */
export function withSameRows(
  xs: readonly Expression[],
  reading: Reading,
  { stretch = false }: { readonly stretch?: boolean } = {},
): readonly Expression[] {
  const { fixedRows } = reading;
  const model = xs.find((x) => x.shape.includes(ROWS));
  if (fixedRows === null || model === undefined) return xs;
  const fromBack = model.shape.length - model.shape.indexOf(ROWS);
  return xs.map((x) => {
    const axis = x.shape.length - fromBack;
    const size = x.shape[axis];
    if (size !== fixedRows || size === 1 && !stretch) return x;
    return broadcast(
      oneRow(x, { axis, reading }),
      x.shape.map((dim, i) => i === axis ? ROWS : dim),
    );
  });
}

/** What every row of x is, with size 1 on that axis. */
function oneRow(
  x: Expression,
  { axis, reading }: { readonly axis: number; readonly reading: Reading },
): Expression {
  if (x.shape[axis] === 1) return x;
  if (x.op === "broadcast") {
    const [from] = x.inputs;
    const own = axis - (x.shape.length - from.shape.length);
    if (own < 0 || from.shape[own] === 1) return from;
  }
  const shape = x.shape as readonly number[];
  const data = x.op === "constant" ? x.attributes.data : reading.weights(x);
  const inner = shape.slice(axis + 1).reduce((n, size) => n * size, 1);
  const outer = shape[axis] * inner;
  const alike = data?.every((value, i) => {
    const first = i - i % outer + i % inner;
    return Object.is(value, data[first]);
  });
  if (alike) {
    return slice(x, {
      starts: shape.map(() => 0),
      ends: shape.map((size, i) => i === axis ? 1 : size),
    });
  }
  throw new RangeError(
    `it takes a number of its own for each of the ${reading.fixedRows} rows that the file was exported for`,
  );
}
