import { build } from "../expression.ts";
import {
  broadcastShapes,
  elements,
  normalizeAxis,
  sameShape,
  ShapeError,
  showShape,
} from "../shape.ts";
import type { Dim, Expression, Shape, Value } from "../types.ts";
import { constant } from "./leaf.ts";

/**
 * The same elements in the same order under another shape.
 *
 * @param shape One size may be -1: it is what the others leave.
 */
export function reshape(x: Expression, shape: Shape): Expression {
  const hole = shape.indexOf(-1);
  const full = hole < 0 ? shape : shape.map((dim, i) => i === hole ? missing(x.shape, shape) : dim);
  return sameShape(x.shape, full) ? x : build("reshape", [x], { shape: full });
}

function missing(from: Shape, to: Shape): Dim {
  const rest = to.filter((dim) => dim !== -1);
  const whole = elements(from);
  const part = elements(rest);
  const names = whole.names === "" ? [] : whole.names.split("*");
  for (const name of part.names === "" ? [] : part.names.split("*")) {
    const i = names.indexOf(name);
    if (i >= 0) names.splice(i, 1);
    else names.push("");
  }
  const quotient = whole.count / part.count;
  const fits = names.length === 0
    ? Number.isInteger(quotient)
    : names.length === 1 && quotient === 1;
  if (!fits) {
    throw new ShapeError(
      `Cannot reshape ${showShape(from)} to ${
        showShape(to)
      }: no one size makes the numbers of elements equal`,
      from,
      to,
    );
  }
  return names.length === 0 ? quotient : names[0];
}

/**
 * Axes in another order: axis i of the result is axis `permutation[i]` of x. By default reversed.
 */
export function transpose(x: Expression, permutation?: readonly number[]): Expression {
  const order = permutation?.map((axis) => normalizeAxis("transpose", axis, x.shape)) ??
    x.shape.map((_, i) => x.shape.length - 1 - i);
  return order.length === x.shape.length && order.every((axis, i) => axis === i)
    ? x
    : build("transpose", [x], { permutation: order });
}

/** x stretched to `shape`: axes are aligned at the last, sizes 1 and missing axes are repeated. */
export function broadcast(x: Value, shape: Shape): Expression {
  const from = typeof x === "number" ? constant(x) : x;
  return sameShape(from.shape, shape) ? from : build("broadcast", [from], { shape });
}

/** Tensors one after the other along an axis that exists. */
export function concat(xs: readonly Expression[], axis: number): Expression {
  if (xs.length === 0) throw new RangeError("Cannot concat no tensors: give at least one");
  if (xs.length === 1) return xs[0];
  return build("concat", xs, { axis: normalizeAxis("concat", axis, xs[0].shape) });
}

/** Tensors of one shape one after the other along a new axis. */
export function stack(xs: readonly Expression[], axis = 0): Expression {
  return concat(xs.map((x) => expandDims(x, axis)), axis);
}

/** x with a new axis of size 1, which is number `axis` of the result. */
export function expandDims(x: Expression, axis: number): Expression {
  const at = normalizeAxis("expand", axis, [...x.shape, 1]);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** x without an axis of size 1. */
export function squeeze(x: Expression, axis: number): Expression {
  const at = normalizeAxis("squeeze", axis, x.shape);
  return reshape(x, x.shape.filter((_, i) => i !== at));
}

/**
 * Elements `starts`, `starts + steps`, ... before `ends`, on every axis.
 *
 * @param options.ends By default the sizes of x; negative ends are counted from the back.
 */
export function slice(
  x: Expression,
  options: {
    readonly starts: readonly number[];
    readonly ends?: Shape;
    readonly steps?: readonly number[];
  },
): Expression {
  const fromBack = (dim: Dim, i: number) =>
    typeof dim === "number" && dim < 0 && typeof x.shape[i] === "number" ? dim + x.shape[i] : dim;
  const starts = options.starts.map((start, i) => fromBack(start, i) as number);
  const ends = (options.ends ?? x.shape).map(fromBack);
  const steps = options.steps ?? starts.map(() => 1);
  const whole = starts.every((s) => s === 0) && steps.every((s) => s === 1) &&
    sameShape(ends, x.shape);
  return whole ? x : build("slice", [x], { starts, ends, steps });
}

/** Elements `start` to before `end` of one axis, all of the others. */
export function sliceAxis(
  x: Expression,
  options: { readonly axis: number; readonly start: number; readonly end: number },
): Expression {
  const axis = normalizeAxis("slice", options.axis, x.shape);
  return slice(x, {
    starts: x.shape.map((_, i) => i === axis ? options.start : 0),
    ends: x.shape.map((dim, i) => i === axis ? options.end : dim),
  });
}

/** Zeros before and after, on every axis. */
export function pad(
  x: Expression,
  { low, high }: { readonly low: readonly number[]; readonly high: readonly number[] },
): Expression {
  return [...low, ...high].every((n) => n === 0) && low.length === x.shape.length
    ? x
    : build("pad", [x], { low, high });
}

/** x with the order along these axes turned round. */
export function reverse(x: Expression, axes: number | readonly number[]): Expression {
  const list = [axes].flat().map((axis) => normalizeAxis("reverse", axis, x.shape));
  return list.length === 0
    ? x
    : build("reverse", [x], { axes: [...new Set(list)].sort((a, b) => a - b) });
}

/**
 * The slices of x at `indices` (i32) of one axis; the axes of `indices` stand where that axis was.
 *
 * An index outside the axis is an error at run time.
 */
export function gather(
  x: Expression,
  indices: Expression,
  { axis }: { readonly axis: number } = { axis: 0 },
): Expression {
  return build("gather", [x, indices], { axis: normalizeAxis("gather", axis, x.shape) });
}

/**
 * Zeros of `size` on one axis, to which slices of `updates` are added at `indices`; the transpose
 * of `gather`.
 *
 * Shapes: `updates` is [...before, ...indices, ...after], the result [...before, size, ...after].
 */
export function scatterAdd(
  indices: Expression,
  updates: Expression,
  { axis, size }: { readonly axis: number; readonly size: Dim },
): Expression {
  return build("scatterAdd", [indices, updates], { axis, size });
}

/** All tensors stretched to their common shape. */
export function broadcastTogether(xs: readonly Expression[]): Expression[] {
  const shape = xs.reduce<Shape>((s, x) => broadcastShapes("broadcast", s, x.shape), []);
  return xs.map((x) => broadcast(x, shape));
}
