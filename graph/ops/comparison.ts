import { select } from "../build/elementwise.ts";
import { NONE } from "../expression.ts";
import { broadcastShapes } from "../shape.ts";
import { apply } from "./broadcasting.ts";
import { elementwise, NUMBER, TRUTH } from "./elementwise.ts";
import { requireDType } from "./rule.ts";
import type { Op } from "../op.ts";
import type { DType } from "../types.ts";

/** a = b. */
export const equalOp: Op<"equal"> = elementwise({
  name: "equal",
  arity: 2,
  accepts: ["f32", "i32", "bool"],
  result: "bool",
  commutative: true,
  scalar: (a, b) => Number(a === b),
  chain: [null, null],
});

/** a < b. */
export const lessOp: Op<"less"> = elementwise({
  name: "less",
  arity: 2,
  accepts: NUMBER,
  result: "bool",
  scalar: (a, b) => Number(a < b),
  chain: [null, null],
});

/** a <= b. */
export const lessEqual: Op<"lessEqual"> = elementwise({
  name: "lessEqual",
  arity: 2,
  accepts: NUMBER,
  result: "bool",
  scalar: (a, b) => Number(a <= b),
  chain: [null, null],
});

/** Neither false. */
export const and: Op<"and"> = elementwise({
  name: "and",
  arity: 2,
  accepts: TRUTH,
  commutative: true,
  scalar: (a, b) => a * b,
  chain: [null, null],
});

/** Not both false. */
export const or: Op<"or"> = elementwise({
  name: "or",
  arity: 2,
  accepts: TRUTH,
  commutative: true,
  scalar: (a, b) => Math.max(a, b),
  chain: [null, null],
});

/** Logical negation. */
export const not: Op<"not"> = elementwise({
  name: "not",
  arity: 1,
  accepts: TRUTH,
  scalar: (x) => 1 - x,
  chain: [null],
});

/** a where the condition holds, else b. */
export const selectOp: Op<"select"> = {
  name: "select",
  arity: 3,
  attributes: NONE,
  elementwise: true,
  linear: true,
  commutative: false,
  shape: ([condition, a, b]) => {
    requireDType("select", [condition], "bool");
    const dtype = requireDType("select", [a, b], "f32", "i32", "bool");
    const both = broadcastShapes("select", a.shape, b.shape);
    return { shape: broadcastShapes("select", condition.shape, both), dtype };
  },
  jvp: ([, da, db], { inputs: [condition] }) =>
    da === null && db === null ? null : select(condition, da ?? 0, db ?? 0),
  vjp: (d, { inputs: [condition] }) => [null, select(condition, d, 0), select(condition, 0, d)],
  reference: (inputs) => apply((condition, a, b) => condition !== 0 ? a : b, inputs),
};

/** Another dtype. */
export const cast: Op<"cast"> = {
  name: "cast",
  arity: 1,
  attributes: { dtype: "dtype" },
  elementwise: true,
  linear: false,
  commutative: false,
  shape: ([x], { dtype }) => ({ shape: x.shape, dtype }),
  jvp: () => null,
  vjp: () => [null],
  reference: (inputs, { attributes: { dtype } }) => apply(CASTS[dtype], inputs),
};

const CASTS: { readonly [K in DType]: (x: number) => number } = {
  f32: (x) => x,
  i32: (x) => Math.trunc(x) | 0,
  bool: (x) => Number(x !== 0),
};
