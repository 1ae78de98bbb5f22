/** Functions that are a few ops each and that networks and metrics use by name. */
import type { Expression, Value } from "../types.ts";
import {
  erf,
  exp,
  less,
  maximum,
  minimum,
  minus,
  plus,
  select,
  sigmoid,
  times,
} from "./elementwise.ts";
import { asExpression } from "./leaf.ts";

/** max(x, 0), with derivative 0 at 0. */
export function relu(x: Value): Expression {
  return maximum(x, 0);
}

/**
 * x sigmoid(x). Source: Elfwing, Uchibe, Doya, "Sigmoid-weighted linear units", arXiv:1702.03118.
 */
export function silu(x: Value): Expression {
  const a = asExpression(x);
  return times(a, sigmoid(a));
}

/**
 * x Phi(x) with the exact normal distribution function. Source: Hendrycks, Gimpel,
 * arXiv:1606.08415.
 */
export function gelu(x: Value): Expression {
  return times(times(x, 0.5), plus(erf(times(x, Math.SQRT1_2)), 1));
}

const ALPHA = 1.6732632423543772;
const SCALE = 1.0507009873554805;

/** Scaled exponential linear unit. Source: Klambauer et al., arXiv:1706.02515. */
export function selu(x: Value): Expression {
  const below = times(minus(exp(minimum(x, 0)), 1), SCALE * ALPHA);
  return select(less(0, x), times(x, SCALE), below);
}

/** x times x. */
export function square(x: Value): Expression {
  const a = asExpression(x);
  return times(a, a);
}

/** x moved to the nearest number between `low` and `high`. */
export function clamp(
  x: Value,
  { low, high }: { readonly low: Value; readonly high: Value },
): Expression {
  return maximum(minimum(x, high), low);
}
