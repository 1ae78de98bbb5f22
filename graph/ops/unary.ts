import {
  cos,
  divide,
  exp,
  minus,
  negate,
  plus,
  sigmoid,
  sign,
  sin,
  times,
} from "../build/elementwise.ts";
import { erf as erf64 } from "../erf.ts";
import { elementwise, NUMBER, REAL } from "./elementwise.ts";
import type { Op } from "../op.ts";

/** -x. */
export const negateOp: Op<"negate"> = elementwise({
  name: "negate",
  arity: 1,
  accepts: NUMBER,
  linear: true,
  scalar: (x) => -x,
  chain: [(d) => negate(d)],
});

/** e^x. */
export const expOp: Op<"exp"> = elementwise({
  name: "exp",
  arity: 1,
  accepts: REAL,
  scalar: Math.exp,
  chain: [(d, _, y) => times(d, y)],
});

/** log x. */
export const logOp: Op<"log"> = elementwise({
  name: "log",
  arity: 1,
  accepts: REAL,
  scalar: Math.log,
  chain: [(d, [x]) => divide(d, x)],
});

/** log(1 + x). */
export const log1pOp: Op<"log1p"> = elementwise({
  name: "log1p",
  arity: 1,
  accepts: REAL,
  scalar: Math.log1p,
  chain: [(d, [x]) => divide(d, plus(x, 1))],
});

/** √x. */
export const sqrtOp: Op<"sqrt"> = elementwise({
  name: "sqrt",
  arity: 1,
  accepts: REAL,
  scalar: Math.sqrt,
  chain: [(d, _, y) => divide(times(d, 0.5), y)],
});

/** 1/x. */
export const reciprocalOp: Op<"reciprocal"> = elementwise({
  name: "reciprocal",
  arity: 1,
  accepts: REAL,
  scalar: (x) => 1 / x,
  chain: [(d, _, y) => negate(times(d, times(y, y)))],
});

/** sin x. */
export const sinOp: Op<"sin"> = elementwise({
  name: "sin",
  arity: 1,
  accepts: REAL,
  scalar: Math.sin,
  chain: [(d, [x]) => times(d, cos(x))],
});

/** cos x. */
export const cosOp: Op<"cos"> = elementwise({
  name: "cos",
  arity: 1,
  accepts: REAL,
  scalar: Math.cos,
  chain: [(d, [x]) => negate(times(d, sin(x)))],
});

/** tanh x. */
export const tanhOp: Op<"tanh"> = elementwise({
  name: "tanh",
  arity: 1,
  accepts: REAL,
  scalar: Math.tanh,
  chain: [(d, _, y) => times(d, minus(1, times(y, y)))],
});

/** 1 / (1 + e^-x). */
export const sigmoidOp: Op<"sigmoid"> = elementwise({
  name: "sigmoid",
  arity: 1,
  accepts: REAL,
  scalar: (x) => x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)),
  chain: [(d, _, y) => times(d, times(y, minus(1, y)))],
});

/** log(1 + e^x). */
export const softplusOp: Op<"softplus"> = elementwise({
  name: "softplus",
  arity: 1,
  accepts: REAL,
  scalar: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  chain: [(d, [x]) => times(d, sigmoid(x))],
});

/** The error function. */
export const erfOp: Op<"erf"> = elementwise({
  name: "erf",
  arity: 1,
  accepts: REAL,
  scalar: erf64,
  chain: [
    (d, [x]) => times(d, times(2 / Math.sqrt(Math.PI), exp(negate(times(x, x))))),
  ],
});

/** |x|, with derivative 0 at 0. */
export const absOp: Op<"abs"> = elementwise({
  name: "abs",
  arity: 1,
  accepts: NUMBER,
  scalar: Math.abs,
  chain: [(d, [x]) => times(d, sign(x))],
});

/** The sign of x; that of ±0 is itself. */
export const signOp: Op<"sign"> = elementwise({
  name: "sign",
  arity: 1,
  accepts: NUMBER,
  scalar: Math.sign,
  chain: [null],
});

/** ⌊x⌋. */
export const floorOp: Op<"floor"> = elementwise({
  name: "floor",
  arity: 1,
  accepts: REAL,
  scalar: Math.floor,
  chain: [null],
});
