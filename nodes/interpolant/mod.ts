/**
 * Interpolants: the path between a pair, X_t = a(t) X_0 + b(t) X_1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(interpolantOf({ kind: "linear" }).name, "linear");
 * ```
 *
 * @module
 */

import type { InterpolantSpec } from "../../dsl/spec.ts";
import { custom } from "./custom.ts";
import type { Interpolant } from "./interpolant.ts";
import { linear } from "./linear.ts";
import { trigonometric } from "./trigonometric.ts";

export { convert, type EndPoints, endPoints } from "./conversions.ts";
export type { Predicted, Prediction } from "./conversions.ts";
export { interpolate, weightsAt } from "./interpolant.ts";
export type { Interpolant, Interpolated, Weights } from "./interpolant.ts";
export { custom, linear, trigonometric };

/** Every interpolant that is a constant. Tests loop over this. */
export const INTERPOLANTS: Readonly<Record<"linear" | "trigonometric", Interpolant>> = {
  linear,
  trigonometric,
};

/** The interpolant that a spec names. */
export function interpolantOf(spec: InterpolantSpec): Interpolant {
  return spec.kind === "custom" ? custom(spec) : INTERPOLANTS[spec.kind];
}
