import { cast, divide, equal, times } from "../build/elementwise.ts";
import { reshape, reverse } from "../build/layout.ts";
import { cumulativeSum as cumulate, sum as sumOf } from "../build/reduction.ts";
import { normalizeAxis, stridesOf } from "../shape.ts";
import type { Op } from "../op.ts";
import type { Attributes, Dim, Expression, Shape, Tensor64 } from "../types.ts";
import { LINEAR, PLAIN, requireDType } from "./rule.ts";
import { walk } from "./broadcasting.ts";

function reducedShape(shape: Shape, { axes, keep }: Attributes<"sum">): Shape {
  return keep
    ? shape.map((dim, i) => axes.includes(i) ? 1 : dim)
    : shape.filter((_, i) => !axes.includes(i));
}

function checkAxes(op: "sum" | "reduceMax", shape: Shape, axes: readonly number[]): void {
  for (const axis of axes) normalizeAxis(op, axis, shape);
}

/** The shape of x with the reduced axes of size 1. */
function kept(shape: Shape, axes: readonly number[]): Dim[] {
  return shape.map((dim, i) => axes.includes(i) ? 1 : dim);
}

/** A reduced tensor such that it broadcasts to x. */
function aligned(y: Expression, x: Expression, axes: readonly number[]): Expression {
  const leading = axes.every((axis, i) => axis === i) && y.shape.length < x.shape.length;
  return leading ? y : reshape(y, kept(x.shape, axes));
}

function reduce(
  x: Tensor64,
  { axes, keep }: Attributes<"sum">,
  start: number,
  f: (a: number, b: number) => number,
): Tensor64 {
  const full = kept(x.shape, axes) as number[];
  const own = stridesOf(full);
  const strides = x.shape.map((_, i) => axes.includes(i) ? 0 : own[i]);
  const data = new Float64Array(full.reduce((a, b) => a * b, 1)).fill(start);
  walk(x.shape, strides, 0, (to, from) => data[to] = f(data[to], x.data[from]));
  return { data, shape: keep ? full : x.shape.filter((_, i) => !axes.includes(i)) };
}

/** Sum over axes. */
export const sum: Op<"sum"> = {
  name: "sum",
  arity: 1,
  attributes: { axes: "integers", keep: "boolean" },
  ...LINEAR,
  shape: ([x], attributes) => {
    checkAxes("sum", x.shape, attributes.axes);
    const dtype = requireDType("sum", [x], "f32", "i32");
    return { shape: reducedShape(x.shape, attributes), dtype };
  },
  jvp: ([dx], { attributes }) => dx && sumOf(dx, attributes),
  vjp: (g, { inputs: [x], attributes: { axes } }) => [aligned(g, x, axes)],
  reference: ([x], { attributes, dtype }) =>
    reduce(x, attributes, 0, dtype === "i32" ? (a, b) => (a + b) | 0 : (a, b) => a + b),
};

/** Greatest element over axes; its derivative is shared equally where several are greatest. */
export const reduceMax: Op<"reduceMax"> = {
  name: "reduceMax",
  arity: 1,
  attributes: { axes: "integers", keep: "boolean" },
  ...PLAIN,
  shape: ([x], attributes) => {
    checkAxes("reduceMax", x.shape, attributes.axes);
    const dtype = requireDType("reduceMax", [x], "f32", "i32");
    return { shape: reducedShape(x.shape, attributes), dtype };
  },
  jvp: ([dx], y) => dx && sumOf(times(dx, shares(y, y.inputs[0], y.attributes.axes)), y.attributes),
  vjp: (g, y) => {
    const [x] = y.inputs;
    const { axes } = y.attributes;
    return [times(aligned(g, x, axes), shares(y, x, axes))];
  },
  reference: ([x], { attributes }) => reduce(x, attributes, -Infinity, Math.max),
};

/** The weight of each element in the derivative of the greatest. */
function shares(y: Expression, x: Expression, axes: readonly number[]): Expression {
  const greatest = cast(equal(x, aligned(y, x, axes)), "f32");
  return divide(greatest, sumOf(greatest, { axes, keep: true }));
}

/** Place of the greatest element. */
export const argMax: Op<"argMax"> = {
  name: "argMax",
  arity: 1,
  attributes: { axis: "integer" },
  ...PLAIN,
  shape: ([x], { axis }) => {
    normalizeAxis("argMax", axis, x.shape);
    requireDType("argMax", [x], "f32", "i32");
    return { shape: x.shape.filter((_, i) => i !== axis), dtype: "i32" };
  },
  jvp: () => null,
  vjp: () => [null],
  reference: ([x], { attributes: { axis } }) => {
    const strides = stridesOf(x.shape);
    const shape = x.shape.filter((_, i) => i !== axis);
    const data = new Float64Array(shape.reduce((a, b) => a * b, 1));
    walk(shape, strides.filter((_, i) => i !== axis), 0, (from, to) => {
      let best = 0;
      for (let k = 1; k < x.shape[axis]; k++) {
        if (x.data[from + k * strides[axis]] > x.data[from + best * strides[axis]]) best = k;
      }
      data[to] = best;
    });
    return { data, shape };
  },
};

/** Sums up to each element. */
export const cumulativeSum: Op<"cumulativeSum"> = {
  name: "cumulativeSum",
  arity: 1,
  attributes: { axis: "integer" },
  ...LINEAR,
  shape: ([x], { axis }) => {
    normalizeAxis("cumulativeSum", axis, x.shape);
    return { shape: x.shape, dtype: requireDType("cumulativeSum", [x], "f32", "i32") };
  },
  jvp: ([dx], { attributes: { axis } }) => dx && cumulate(dx, axis),
  vjp: (g, { attributes: { axis } }) => [reverse(cumulate(reverse(g, axis), axis), axis)],
  reference: ([x], { attributes: { axis }, dtype }) => {
    const stride = stridesOf(x.shape)[axis];
    const data = x.data.slice();
    for (let i = 0; i < data.length; i++) {
      if (Math.floor(i / stride) % x.shape[axis] > 0) data[i] += data[i - stride];
      if (dtype === "i32") data[i] |= 0;
    }
    return { data, shape: x.shape };
  },
};
