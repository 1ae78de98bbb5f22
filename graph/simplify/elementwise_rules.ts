import {
  abs,
  cos,
  divide,
  maximum,
  minimum,
  minus,
  negate,
  not,
  plus,
  power,
  reciprocal,
  select,
  times,
} from "../build/elementwise.ts";
import { constant, input } from "../build/leaf.ts";
import type { Expression } from "../types.ts";
import { uniformValue } from "./match.ts";
import type { Rule } from "./rule.ts";

const a = input("a", []);
const x = input("x", []);
const y = input("y", []);
const c = input("c", [], "bool");

const POWER = {
  relative: 1e-15,
  reason: "a power may be off by a unit in the last place, the products round on their own",
};

const FACTORS = {
  relative: 1e-15,
  reason: "the factors are rounded together once, where each product rounded before",
};

/** Rewrites of elementwise ops. */
export const elementwiseRules: readonly Rule[] = [
  { name: "x * 1 -> x", from: times(x, 1), to: x },
  { name: "x * -1 -> -x", from: times(x, -1), to: negate(x) },
  { name: "x / 1 -> x", from: divide(x, 1), to: x },
  { name: "x - 0 -> x", from: minus(x, 0), to: x },
  { name: "-(-x) -> x", from: negate(negate(x)), to: x },
  { name: "x + -y -> x - y", from: plus(x, negate(y)), to: minus(x, y) },
  { name: "x - -y -> x + y", from: minus(x, negate(y)), to: plus(x, y) },
  { name: "-x * -y -> x * y", from: times(negate(x), negate(y)), to: times(x, y) },
  {
    name: "a + -x * y -> a - x * y",
    from: plus(a, times(negate(x), y)),
    to: minus(a, times(x, y)),
  },
  {
    name: "a - -x * y -> a + x * y",
    from: minus(a, times(negate(x), y)),
    to: plus(a, times(x, y)),
  },
  { name: "abs(-x) -> abs(x)", from: abs(negate(x)), to: abs(x) },
  { name: "abs(abs(x)) -> abs(x)", from: abs(abs(x)), to: abs(x) },
  { name: "cos(-x) -> cos(x)", from: cos(negate(x)), to: cos(x) },
  { name: "max(x, x) -> x", from: maximum(x, x), to: x },
  { name: "min(x, x) -> x", from: minimum(x, x), to: x },
  { name: "x^0 -> 1", from: power(x, 0), to: constant(1) },
  { name: "x^1 -> x", from: power(x, 1), to: x },
  { name: "x^2 -> x * x", from: power(x, 2), to: times(x, x), tolerance: POWER },
  { name: "x^3 -> x * x * x", from: power(x, 3), to: times(times(x, x), x), tolerance: POWER },
  { name: "x^-1 -> 1 / x", from: power(x, -1), to: reciprocal(x), tolerance: POWER },
  { name: "not not c -> c", from: not(not(c)), to: c },
  { name: "not c ? x : y -> c ? y : x", from: select(not(c), x, y), to: select(c, y, x) },
  { name: "c ? x : x -> x", from: select(c, x, x), to: x },
  {
    name: "x / 2^k -> x * 2^-k",
    from: divide(x, 4),
    to: times(x, 0.25),
    rewrite: ({ inputs: [top, bottom], dtype }) => {
      const value = bottom && uniformValue(bottom);
      if (!value || dtype !== "f32" || !isPowerOfTwo(value)) return null;
      return times(top!, scaled(bottom, 1 / value));
    },
  },
  {
    name: "(x * k) * l -> x * (k l), k and l both at most 1 or both at least 1",
    from: times(times(x, 3), 5),
    to: times(x, 15),
    tolerance: FACTORS,
    rewrite: (node) => {
      const outer = scaledBy(node);
      const inner = outer && scaledBy(outer.of);
      if (!inner || node.dtype !== "f32") return null;
      const [k, l] = [Math.abs(inner.by), Math.abs(outer.by)];
      const factor = inner.by * outer.by;
      const together = (k <= 1 && l <= 1) || (k >= 1 && l >= 1);
      return together && isOrdinary(factor) && inner.of.shape.length === node.shape.length
        ? times(inner.of, factor)
        : null;
    },
  },
  {
    name: "x * k + x * l -> x * (k + l), k and l of one sign",
    from: plus(times(x, 2), times(x, 3)),
    to: times(x, 5),
    tolerance: FACTORS,
    rewrite: (node) => {
      if (node.dtype !== "f32") return null;
      const [p, q] = (node.inputs as readonly Expression[]).map((term) =>
        scaledBy(term) ?? { of: term, by: 1 }
      );
      const sum = p.by + q.by;
      return p.of === q.of && p.by * q.by > 0 && isOrdinary(sum) && p.by !== q.by
        ? times(p.of, sum)
        : null;
    },
  },
];

/** x and k where the expression is x * k. */
function scaledBy(node: Expression): { readonly of: Expression; readonly by: number } | null {
  if (node.op !== "mul") return null;
  const [left, right] = node.inputs;
  const [k, l] = [uniformValue(left), uniformValue(right)];
  if (l !== null && k === null) return { of: left, by: l };
  return k !== null && l === null ? { of: right, by: k } : null;
}

/** A constant of another value in the shape of one. */
function scaled(like: Expression, value: number): Expression {
  return constant(value, like.shape);
}

function isPowerOfTwo(value: number): boolean {
  const exponent = Math.log2(Math.abs(value));
  return Number.isInteger(exponent) && Math.abs(exponent) < 100;
}

/** Whether a factor is also an ordinary number in f32: neither infinite nor subnormal. */
function isOrdinary(value: number): boolean {
  const size = Math.abs(value);
  return size > 1e-37 && size < 1e38;
}
