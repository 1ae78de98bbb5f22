import type { Expression, Value } from "../graph/mod.ts";
import { build } from "./build.ts";
import * as schema from "./schema/interpolant.ts";
import type {
  CustomInterpolantSpec,
  LinearInterpolantSpec,
  TrigonometricInterpolantSpec,
} from "./spec/interpolant.ts";
import { traced, weightSignature } from "./traced.ts";

/**
 * X_t = (1 - t) X_0 + t X_1.
 *
 * Source: Liu et al., arXiv:2209.03003.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { interpolant } from "./mod.ts";
 * assert.deepEqual(interpolant.linear(), { kind: "linear" });
 * ```
 */
export function linear(): LinearInterpolantSpec {
  return build("interpolant.linear", schema.linear, { kind: "linear" });
}

/**
 * X_t = cos(pi t / 2) X_0 + sin(pi t / 2) X_1, which keeps the variance of independent standard
 * samples.
 *
 * Source: Albergo & Vanden-Eijnden, arXiv:2209.15571.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { interpolant } from "./mod.ts";
 * assert.deepEqual(interpolant.trigonometric(), { kind: "trigonometric" });
 * ```
 */
export function trigonometric(): TrigonometricInterpolantSpec {
  return build("interpolant.trigonometric", schema.trigonometric, { kind: "trigonometric" });
}

/** The weights of a custom interpolant, written with the functions of the tensor graph. */
export interface InterpolantWeights {
  /** Weight of the source: 1 at t = 0 and 0 at t = 1. */
  readonly a: (t: Expression) => Value;
  /** Weight of the target: 0 at t = 0 and 1 at t = 1. */
  readonly b: (t: Expression) => Value;
}

/**
 * X_t = a(t) X_0 + b(t) X_1 with your own weights. Each function is run once, on a symbol, and
 * what it computes becomes part of the spec; derivatives are found from that.
 *
 * Shapes: t and the results are scalars.
 *
 * @throws {InputError} If a weight is not a scalar, or does not meet the source and the target.
 *
 * @example Slow at both ends
 * ```ts
 * import assert from "node:assert/strict";
 * import { minus, square, times } from "../graph/mod.ts";
 * import { interpolant } from "./mod.ts";
 * const smooth = (t: Parameters<typeof square>[0]) => times(square(t), minus(3, times(2, t)));
 * const spec = interpolant.custom({ a: (t) => minus(1, smooth(t)), b: smooth });
 * assert.equal(spec.kind, "custom");
 * ```
 */
export function custom(weights: InterpolantWeights): CustomInterpolantSpec {
  return build("interpolant.custom", schema.custom, {
    kind: "custom",
    a: traced("interpolant.custom: a", weights.a, weightSignature),
    b: traced("interpolant.custom: b", weights.b, weightSignature),
  });
}
