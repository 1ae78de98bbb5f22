import {
  cos,
  divide,
  equal,
  exp,
  less,
  log,
  minus,
  negate,
  plus,
  power,
  select,
  sigmoid,
  sign,
  sin,
  times,
} from "../build/elementwise.ts";
import { erf as erf64 } from "../erf.ts";
import { NONE } from "../expression.ts";
import { broadcastShapes } from "../shape.ts";
import type {
  Derivation,
  DType,
  Expression,
  Node,
  Op,
  OpName,
  PerInput,
  PlainName,
} from "../types.ts";
import { apply } from "./broadcasting.ts";
import { requireDType, total } from "./rule.ts";

/** Ops that are elementwise and have no attributes. */
type ElementwiseName = Exclude<PlainName<1> | PlainName<2>, "stopGradient">;

/** What a derivative becomes on its way through one input of an op. */
type Chain<K extends OpName> = (
  d: Expression,
  inputs: PerInput<K, Expression>,
  y: Expression,
) => Expression;

interface Rule<K extends OpName> {
  readonly name: K;
  readonly arity: Op<K>["arity"];
  readonly accepts: readonly DType[];
  /** By default that of the inputs. */
  readonly result?: DType;
  readonly linear?: boolean;
  readonly commutative?: boolean;
  readonly scalar: (...elements: number[]) => number;
  /** On 32-bit integers, where it is not `scalar` wrapped. */
  readonly integer?: (...elements: number[]) => number;
  /**
   * For each input, what a derivative `d` of the result (reverse) or of that input (forward) becomes; null for zero.
   * The derivative of an elementwise op is diagonal, hence its own transpose: one rule serves both directions.
   */
  readonly chain: PerInput<K, Chain<K> | null>;
}

/** An op that works on each element alone. */
function elementwise<K extends ElementwiseName>(rule: Rule<K>): Op<K> {
  const chain = rule.chain as readonly (Chain<K> | null)[];
  const through = (i: number, d: Expression | null, node: Node<K>) =>
    d && (chain[i]?.(d, node.inputs, node as unknown as Expression) ?? null);
  const integer = rule.integer ?? ((...elements) => rule.scalar(...elements) | 0);
  return {
    name: rule.name,
    arity: rule.arity,
    attributes: NONE as Op<K>["attributes"],
    elementwise: true,
    linear: rule.linear ?? false,
    commutative: rule.commutative ?? false,
    shape: (inputs) => {
      const list = inputs as readonly Expression[];
      const dtype = requireDType(rule.name, list, ...rule.accepts);
      const shape = list.length === 1
        ? list[0].shape
        : broadcastShapes(rule.name, list[0].shape, list[1].shape);
      return { shape, dtype: rule.result ?? dtype };
    },
    jvp: (tangents, node) =>
      total(...(tangents as readonly (Expression | null)[]).map((d, i) => through(i, d, node))),
    vjp: (d, node) =>
      chain.map((_, i) => through(i, d, node)) as unknown as PerInput<
        K,
        Expression | null
      >,
    reference: (inputs, node) => apply(node.dtype === "i32" ? integer : rule.scalar, inputs),
    scalar: rule.scalar,
  };
}

const REAL: readonly DType[] = ["f32"];
const NUMBER: readonly DType[] = ["f32", "i32"];
const TRUTH: readonly DType[] = ["bool"];

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

/** a + b. */
export const add: Op<"add"> = elementwise({
  name: "add",
  arity: 2,
  accepts: NUMBER,
  linear: true,
  commutative: true,
  scalar: (a, b) => a + b,
  chain: [(d) => d, (d) => d],
});

/** a - b. */
export const sub: Op<"sub"> = elementwise({
  name: "sub",
  arity: 2,
  accepts: NUMBER,
  linear: true,
  scalar: (a, b) => a - b,
  chain: [(d) => d, (d) => negate(d)],
});

const product: Op<"mul"> = elementwise({
  name: "mul",
  arity: 2,
  accepts: NUMBER,
  commutative: true,
  scalar: (a, b) => a * b,
  integer: Math.imul,
  chain: [(d, [, b]) => times(d, b), (d, [a]) => times(d, a)],
});

/**
 * a b. Two products have derivatives of their own, each taking fewer passes over memory than the product rule: the square,
 * (x x)' = (2 d) x, where d is often a scalar, and y = x sigmoid(x), y' = s + y (1 - s), which is in every layer.
 */
export const mul: Op<"mul"> = {
  ...product,
  jvp: (tangents, node, derivation) => {
    const [d] = tangents;
    const slope = d && ownSlope(d, node, derivation);
    return slope ?? product.jvp(tangents, node, derivation);
  },
  vjp: (d, node, derivation) => {
    const slope = ownSlope(d, node, derivation);
    return slope ? [slope, null] : product.vjp(d, node, derivation);
  },
};

function ownSlope(d: Expression, node: Node<"mul">, { isVariable }: Derivation): Expression | null {
  const [x, s] = node.inputs;
  if (x === s) return times(times(d, 2), x);
  if (s.op !== "sigmoid" || s.inputs[0] !== x || isVariable(s)) return null;
  return times(d, plus(s, times(times(x, s), minus(1, s))));
}

/** a / b. */
export const div: Op<"div"> = elementwise({
  name: "div",
  arity: 2,
  accepts: NUMBER,
  scalar: (a, b) => a / b,
  chain: [
    (d, [, b]) => divide(d, b),
    (d, [, b], y) => negate(times(d, divide(y, b))),
  ],
});

/** a^b; the derivative by b is 0 where a is 0. */
export const pow: Op<"pow"> = elementwise({
  name: "pow",
  arity: 2,
  accepts: REAL,
  scalar: (a, b) => a ** b,
  chain: [
    (d, [a, b]) => times(d, powerSlope(a, b)),
    (d, [a], y) => times(d, times(y, log(select(equal(a, 0), 1, a)))),
  ],
});

/** b a^(b-1), which is 0 for b = 0 even at a = 0. */
function powerSlope(a: Expression, b: Expression): Expression {
  if (b.op !== "constant" || b.shape.length > 0) {
    return select(equal(b, 0), 0, times(b, power(a, minus(b, 1))));
  }
  const exponent = b.attributes.data[0];
  if (exponent === 0) return times(a, 0);
  if (exponent === 2) return times(a, 2);
  return times(power(a, exponent - 1), exponent);
}

/** The greater; NaN if one is. */
export const max: Op<"max"> = elementwise({
  name: "max",
  arity: 2,
  accepts: NUMBER,
  commutative: true,
  scalar: Math.max,
  chain: [
    (d, [a, b]) => select(less(b, a), d, 0),
    (d, [a, b]) => select(less(b, a), 0, d),
  ],
});

/** The lesser; NaN if one is. */
export const min: Op<"min"> = elementwise({
  name: "min",
  arity: 2,
  accepts: NUMBER,
  commutative: true,
  scalar: Math.min,
  chain: [
    (d, [a, b]) => select(less(a, b), d, 0),
    (d, [a, b]) => select(less(a, b), 0, d),
  ],
});

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
