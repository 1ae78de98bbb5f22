import type { SourceSpec } from "./spec/source.ts";
import type { VelocitySpec } from "./spec/velocity.ts";

/**
 * Number of coordinates of a source or target; null until its data are read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, dimensionOf } from "./mod.ts";
 * assert.equal(dimensionOf(data.twoMoons()), 2);
 * assert.equal(dimensionOf(data.npy({ path: "points.npy" })), null);
 * ```
 */
export function dimensionOf(spec: SourceSpec): number | null {
  switch (spec.kind) {
    case "twoMoons":
    case "eightGaussians":
    case "checkerboard":
    case "pinwheel":
    case "circles":
      return 2;
    case "gaussianMixture":
      return spec.means[0].length;
    case "gaussian":
    case "uniform":
    case "swissRoll":
    case "sCurve":
    case "npy":
    case "npz":
    case "csv":
    case "parquet":
    case "array":
      return spec.dim;
    default:
      return spec satisfies never;
  }
}

/**
 * Whether a source knows its density, as a likelihood needs.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, hasDensity, source } from "./mod.ts";
 * assert.ok(hasDensity(source.gaussian({ dim: 2 })));
 * assert.ok(!hasDensity(data.twoMoons()));
 * ```
 */
export function hasDensity(spec: SourceSpec): boolean {
  switch (spec.kind) {
    case "gaussian":
    case "uniform":
    case "gaussianMixture":
    case "checkerboard":
      return true;
    case "eightGaussians":
      return spec.noise > 0; // without, they are eight points
    case "twoMoons":
    case "pinwheel":
    case "circles":
    case "swissRoll":
    case "sCurve":
    case "npy":
    case "npz":
    case "csv":
    case "parquet":
    case "array":
      return false;
    default:
      return spec satisfies never;
  }
}

/**
 * Whether a velocity is fitted, rather than a closed form.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isTrained, velocity } from "./mod.ts";
 * assert.ok(isTrained(velocity.mlp()));
 * assert.ok(!isTrained(velocity.gaussianMixture()));
 * ```
 */
export function isTrained(spec: VelocitySpec): boolean {
  return spec.kind === "mlp";
}
