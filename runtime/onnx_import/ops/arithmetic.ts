import {
  abs,
  and,
  cos,
  divide,
  equal,
  erf,
  exp,
  type Expression,
  floor,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  log,
  maximum,
  minimum,
  minus,
  negate,
  not,
  or,
  plus,
  power,
  reciprocal,
  select,
  sign,
  sin,
  sqrt,
  square,
  times,
} from "../../../graph/mod.ts";
import * as count from "../count.ts";
import { withSameRows } from "../fixed_rows.ts";
import type { NodeView } from "../node_view.ts";
import { elementwise, ofTensors, type OnnxOps, unary } from "../op.ts";
import { expressionOf, numbersOf } from "../value.ts";

const truth = { bool: true } as const;

/** Whole powers up to this one are products, whose derivatives are exact everywhere. */
const LARGEST_PRODUCT = 8;

/** a^b; derivatives by an exponent that does not change are not asked for. */
function powerOf(node: NodeView): Expression {
  const x = node.tensor(0);
  const exponent = numbersOf(node.value(1));
  if (exponent === null || exponent.length !== 1) return power(x, node.tensor(1));
  const [n] = exponent;
  if (n === 0.5) return sqrt(x);
  if (n === -1) return reciprocal(x);
  if (n === 2) return square(x);
  if (!Number.isInteger(n) || n < 1 || n > LARGEST_PRODUCT) return power(x, n);
  return Array.from({ length: n - 1 }).reduce<Expression>((y) => times(y, x), x);
}

/** The part of a number before its point. */
function truncated(x: Expression): Expression {
  return times(sign(x), floor(abs(x)));
}

/** What is left of a / b, with the sign of b; with that of a where the node says `fmod`, as C's function does. */
const remainder = elementwise((a, b) => minus(a, times(b, floor(divide(a, b)))), count.modulo);
const fmod = elementwise((a, b) => minus(a, times(b, truncated(divide(a, b)))));

/** The same operation between all inputs. */
function folded(node: NodeView, f: (a: Expression, b: Expression) => Expression): Expression {
  return withSameRows(node.inputs.map(expressionOf), node.reading).reduce((a, b) => f(a, b));
}

/** Arithmetic, comparison and choice, element by element. */
export const arithmetic: OnnxOps = {
  Abs: unary(abs),
  Add: elementwise(plus, count.add),
  And: elementwise(and, (a, b) => Number(a === 1 && b === 1)),
  Ceil: unary((x) => negate(floor(negate(x)))),
  Cos: unary(cos),
  Div: elementwise(divide, count.divide),
  Equal: elementwise(equal, count.isEqual, truth),
  Erf: unary(erf),
  Exp: unary(exp),
  Floor: unary(floor),
  Greater: elementwise(greater, (a, b) => count.isLess(b, a), truth),
  GreaterOrEqual: elementwise(
    greaterOrEqual,
    (a, b) => Number(count.isLess(a, b) === 0),
    truth,
  ),
  Less: elementwise(less, count.isLess, truth),
  LessOrEqual: elementwise(lessOrEqual, (a, b) => Number(count.isLess(b, a) === 0), truth),
  Log: unary(log),
  Max: ofTensors((node) => folded(node, maximum)),
  Mean: ofTensors((node) => times(folded(node, plus), 1 / node.inputs.length)),
  Min: ofTensors((node) => folded(node, minimum)),
  Mod: (node) => node.int("fmod", 0) === 0 ? remainder(node) : fmod(node),
  Mul: elementwise(times, count.multiply),
  Neg: elementwise(negate, (a) => count.multiply(a, -1)),
  Not: elementwise(not, (a) => Number(a === 0), truth),
  Or: elementwise(or, (a, b) => Number(a === 1 || b === 1)),
  Pow: ofTensors(powerOf),
  Reciprocal: unary(reciprocal),
  Sign: unary(sign),
  Sin: unary(sin),
  Sqrt: unary(sqrt),
  Sub: elementwise(minus, count.subtract),
  Sum: ofTensors((node) => folded(node, plus)),
  Tan: unary((x) => divide(sin(x), cos(x))),
  Where: elementwise(select, (condition, a, b) => condition === 1 ? a : b, { bool: false }),
};
