import { build, NONE } from "../expression.ts";
import type { DType, Expression, PlainName, Value } from "../types.ts";
import { asExpression } from "./leaf.ts";

function unary(op: PlainName<1>, x: Value): Expression {
  return build<PlainName<1>>(op, [asExpression(x)], NONE);
}

function binary(op: PlainName<2>, a: Value, b: Value): Expression {
  const like = typeof a === "number" ? b : a;
  const expression = typeof like === "number" ? undefined : like;
  return build<PlainName<2>>(op, [asExpression(a, expression), asExpression(b, expression)], NONE);
}

/** -x. */
export function negate(x: Value): Expression {
  return unary("negate", x);
}
/** e to the x. */
export function exp(x: Value): Expression {
  return unary("exp", x);
}
/** Natural logarithm. */
export function log(x: Value): Expression {
  return unary("log", x);
}
/** log(1 + x), exact for small x. */
export function log1p(x: Value): Expression {
  return unary("log1p", x);
}
/** Square root. */
export function sqrt(x: Value): Expression {
  return unary("sqrt", x);
}
/** 1 / x. */
export function reciprocal(x: Value): Expression {
  return unary("reciprocal", x);
}
/** Sine, of radians. */
export function sin(x: Value): Expression {
  return unary("sin", x);
}
/** Cosine, of radians. */
export function cos(x: Value): Expression {
  return unary("cos", x);
}
/** Hyperbolic tangent. */
export function tanh(x: Value): Expression {
  return unary("tanh", x);
}
/** 1 / (1 + exp(-x)). */
export function sigmoid(x: Value): Expression {
  return unary("sigmoid", x);
}
/** log(1 + exp(x)), without overflow. */
export function softplus(x: Value): Expression {
  return unary("softplus", x);
}
/** The error function. */
export function erf(x: Value): Expression {
  return unary("erf", x);
}
/** Absolute value. */
export function abs(x: Value): Expression {
  return unary("abs", x);
}
/** -1, 0 or 1. */
export function sign(x: Value): Expression {
  return unary("sign", x);
}
/** The greatest whole number not above x. */
export function floor(x: Value): Expression {
  return unary("floor", x);
}
/** Logical negation. */
export function not(x: Expression): Expression {
  return unary("not", x);
}
/** x, whose derivative is taken to be zero. */
export function stopGradient(x: Value): Expression {
  return unary("stopGradient", x);
}
/** x as another dtype; to i32 it truncates, to bool it asks whether x is not 0. */
export function cast(x: Expression, dtype: DType): Expression {
  return x.dtype === dtype ? x : build("cast", [x], { dtype });
}

/** a + b, with broadcasting as all binary builders. */
export function plus(a: Value, b: Value): Expression {
  return binary("add", a, b);
}
/** a - b. */
export function minus(a: Value, b: Value): Expression {
  return binary("sub", a, b);
}
/** a * b. */
export function times(a: Value, b: Value): Expression {
  return binary("mul", a, b);
}
/** a / b; of integers, truncated towards zero. */
export function divide(a: Value, b: Value): Expression {
  return binary("div", a, b);
}
/** a to the b. */
export function power(a: Value, b: Value): Expression {
  return binary("pow", a, b);
}
/** The greater of a and b; where equal, the derivative is that of b. */
export function maximum(a: Value, b: Value): Expression {
  return binary("max", a, b);
}
/** The lesser of a and b; where equal, the derivative is that of b. */
export function minimum(a: Value, b: Value): Expression {
  return binary("min", a, b);
}
/** Whether a = b. */
export function equal(a: Value, b: Value): Expression {
  return binary("equal", a, b);
}
/** Whether a < b. */
export function less(a: Value, b: Value): Expression {
  return binary("less", a, b);
}
/** Whether a <= b. */
export function lessOrEqual(a: Value, b: Value): Expression {
  return binary("lessEqual", a, b);
}
/** Whether a > b. */
export function greater(a: Value, b: Value): Expression {
  return less(b, a);
}
/** Whether a >= b. */
export function greaterOrEqual(a: Value, b: Value): Expression {
  return lessOrEqual(b, a);
}
/** Whether both hold. */
export function and(a: Expression, b: Expression): Expression {
  return binary("and", a, b);
}
/** Whether one of them holds. */
export function or(a: Expression, b: Expression): Expression {
  return binary("or", a, b);
}
/** `a` where `condition` holds, else `b`, with broadcasting of all three. */
export function select(condition: Expression, a: Value, b: Value): Expression {
  const like = typeof a === "number" ? b : a;
  const expression = typeof like === "number" ? undefined : like;
  return build(
    "select",
    [condition, asExpression(a, expression), asExpression(b, expression)],
    NONE,
  );
}
