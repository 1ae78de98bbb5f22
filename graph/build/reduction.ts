import { build } from "../expression.ts";
import { normalizeAxis, sameShape, ShapeError, showShape } from "../shape.ts";
import type { Dim, Expression, Shape, Value } from "../types.ts";
import {
  cast,
  divide,
  exp,
  log,
  minus,
  negate,
  not,
  plus,
  select,
  stopGradient,
  times,
} from "./elementwise.ts";
import { equal, less } from "./elementwise.ts";
import { broadcast, reshape } from "./layout.ts";
import { asExpression, constant, size } from "./leaf.ts";

/** Which axes a reduction takes away (all by default), and whether they stay with size 1. */
export interface ReductionOptions {
  /** An axis or several; -1 is the last. */
  readonly axes?: number | readonly number[];
  /** Whether the axes stay, with size 1. */
  readonly keep?: boolean;
}

function reduction(op: "sum" | "reduceMax", x: Expression, options: ReductionOptions): Expression {
  const axes = axesOf(op, x, options);
  return axes.length === 0 ? x : build(op, [x], { axes, keep: options.keep ?? false });
}

function axesOf(op: string, x: Expression, { axes }: ReductionOptions): readonly number[] {
  if (axes === undefined) return x.shape.map((_, i) => i);
  const list = [axes].flat().map((axis) => normalizeAxis(op, axis, x.shape));
  return [...new Set(list)].sort((a, b) => a - b);
}

/** The sum over axes. */
export function sum(x: Expression, options: ReductionOptions = {}): Expression {
  return reduction("sum", x, options);
}

/** The greatest element over axes; where several are, the derivative is shared equally. */
export function reduceMax(x: Expression, options: ReductionOptions = {}): Expression {
  return reduction("reduceMax", x, options);
}

/** The least element over axes. */
export function reduceMin(x: Expression, options: ReductionOptions = {}): Expression {
  return negate(reduceMax(negate(x), options));
}

/** The place of the greatest element along an axis, i32; the first where several are. */
export function argMax(x: Expression, axis: number): Expression {
  return build("argMax", [x], { axis: normalizeAxis("argMax", axis, x.shape) });
}

/** Sums of all elements up to each one along an axis. */
export function cumulativeSum(x: Expression, axis: number): Expression {
  return build("cumulativeSum", [x], { axis: normalizeAxis("cumulativeSum", axis, x.shape) });
}

/** The number of elements of these sizes, an f32 scalar. */
export function countOf(dims: Shape): Expression {
  let known = 1;
  let names: Expression | null = null;
  for (const dim of dims) {
    if (typeof dim === "number") known *= dim;
    else {
      const n: Expression = cast(size(dim), "f32");
      names = names === null ? n : times(names, n);
    }
  }
  if (names === null) return asExpression(known);
  return known === 1 ? names : times(names, known);
}

/** The mean over axes. */
export function mean(x: Expression, options: ReductionOptions = {}): Expression {
  const n = countOf(axesOf("mean", x, options).map((axis) => x.shape[axis]));
  const total = sum(x, options);
  return n.op === "constant" ? times(total, 1 / n.attributes.data[0]) : divide(total, n);
}

/** The mean squared distance from the mean over axes (divided by the count, not by one less). */
export function variance(x: Expression, options: ReductionOptions = {}): Expression {
  const centred = minus(x, mean(x, { ...options, keep: true }));
  return mean(times(centred, centred), options);
}

/**
 * log of the sum of exponentials over axes, without overflow; -Infinity of nothing but -Infinity.
 */
export function logSumExp(x: Expression, options: ReductionOptions = {}): Expression {
  const top = stopGradient(reduceMax(x, { ...options, keep: true }));
  const finite = less(times(top, 0), 1); // false where top is infinite or NaN
  const shift = select(finite, top, 0);
  const total = sum(exp(minus(x, shift)), options);
  return plus(log(total), reshape(shift, total.shape));
}

/** Whether one element over axes holds. */
export function any(x: Expression, options: ReductionOptions = {}): Expression {
  return less(0, sum(cast(x, "i32"), options));
}

/** Whether all elements over axes hold. */
export function all(x: Expression, options: ReductionOptions = {}): Expression {
  return equal(sum(cast(not(x), "i32"), options), 0);
}

/**
 * x summed to a shape that broadcasts to its own; the transpose of `broadcast`.
 *
 * @throws {ShapeError} If `shape` does not broadcast to that of x.
 */
export function sumTo(shape: Shape, x: Expression): Expression {
  if (sameShape(shape, x.shape)) return x;
  const extra = x.shape.length - shape.length;
  const fits = extra >= 0 && shape.every((dim, i) => dim === 1 || dim === x.shape[i + extra]);
  if (!fits) {
    throw new ShapeError(
      `Cannot sum ${showShape(x.shape)} to ${
        showShape(shape)
      } as the second must broadcast to the first`,
      x.shape,
      shape,
    );
  }
  const axes = x.shape.flatMap((dim, i) => i < extra || shape[i - extra] !== dim ? [i] : []);
  return reshape(sum(x, { axes }), shape);
}

/** Zeros of the shape and dtype of x. */
export function zerosLike(x: Expression): Expression {
  return filled(0, x.shape, x.dtype);
}

/** Ones of the shape and dtype of x. */
export function onesLike(x: Expression): Expression {
  return filled(1, x.shape, x.dtype);
}

function filled(value: number, shape: readonly Dim[], dtype: Expression["dtype"]): Expression {
  return broadcast(constant(value, [], dtype), shape);
}

/** The sum of products of all elements, a scalar. */
export function dot(a: Value, b: Value): Expression {
  return sum(times(a, b));
}
