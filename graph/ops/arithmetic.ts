import {
  divide,
  equal,
  less,
  log,
  minus,
  negate,
  plus,
  power,
  select,
  times,
} from "../build/elementwise.ts";
import { elementwise, NUMBER, REAL } from "./elementwise.ts";
import type { Derivation, Op } from "../op.ts";
import type { Expression, Node } from "../types.ts";

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
 * a b. Two products have derivatives of their own, each taking fewer passes over memory than the
 * product rule: the square, (x x)' = (2 d) x, where d is often a scalar, and y = x sigmoid(x), y' =
 * s + y (1 - s), which is in every layer.
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
