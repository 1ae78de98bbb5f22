import { build } from "../build.ts";
import type { Settings } from "../dimension.ts";
import * as schema from "../schema/toys.ts";
import type {
  CheckerboardSpec,
  CirclesSpec,
  EightGaussiansSpec,
  PinwheelSpec,
  SCurveSpec,
  SwissRollSpec,
  TwoMoonsSpec,
} from "../spec/data.ts";
import type { Data } from "./source.ts";

/**
 * Two interleaved half circles of radius 1 in the plane, with Gaussian noise.
 * Defaults: noise 0.05, smear "gaussian", scale 1, shift 0.
 *
 * @throws {InputError} If the noise is negative or the scale is not above 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * const moons = data.twoMoons({ noise: 0.1 });
 * assert.equal(moons.noise, 0.1);
 * assert.equal(moons.scale, 1);
 * ```
 */
export function twoMoons(options: Settings<TwoMoonsSpec> = {}): Data<TwoMoonsSpec, 2> {
  return build("data.twoMoons", schema.twoMoons, { kind: "twoMoons", ...options });
}

/**
 * Eight Gaussians evenly spaced on a circle in the plane. Defaults: radius 2, noise 0.1.
 *
 * @throws {InputError} If the radius is not above 0 or the noise is negative.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * assert.equal(data.eightGaussians({ radius: 5 }).noise, 0.1);
 * ```
 */
export function eightGaussians(
  options: Settings<EightGaussiansSpec> = {},
): Data<EightGaussiansSpec, 2> {
  return build("data.eightGaussians", schema.eightGaussians, {
    kind: "eightGaussians",
    ...options,
  });
}

/**
 * Uniform on the dark squares of a checkerboard that covers [-extent, extent]^2.
 * Defaults: cells 4, extent 4.
 *
 * @throws {InputError} If `cells` is not an even number of at least 2, or the extent is not above 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * assert.deepEqual(data.checkerboard(), { kind: "checkerboard", cells: 4, extent: 4 });
 * ```
 */
export function checkerboard(options: Settings<CheckerboardSpec> = {}): Data<CheckerboardSpec, 2> {
  return build("data.checkerboard", schema.checkerboard, { kind: "checkerboard", ...options });
}

/**
 * Gaussian arms bent into a spiral in the plane.
 * Defaults: arms 5, radial 0.3, tangential 0.1, rate 0.25.
 *
 * Source: Johnson et al., arXiv:1603.06277, §5.
 *
 * @throws {InputError} If there is no arm or a deviation is negative.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * assert.equal(data.pinwheel({ arms: 3 }).arms, 3);
 * ```
 */
export function pinwheel(options: Settings<PinwheelSpec> = {}): Data<PinwheelSpec, 2> {
  return build("data.pinwheel", schema.pinwheel, { kind: "pinwheel", ...options });
}

/** Settings of {@link swissRoll} and {@link sCurve}. */
export interface SheetOptions<D extends 2 | 3 = 2 | 3> {
  /** Standard deviation of the Gaussian noise on each coordinate. */
  readonly noise?: number;
  /** 2 for the curve, 3 for the sheet. Default 3. */
  readonly dim?: D;
}

/**
 * A rolled sheet, or the spiral that it is rolled along. Defaults: noise 0.5, dim 3.
 *
 * Source: Tenenbaum, de Silva, Langford, Science 290:2319–2323, 2000.
 *
 * @throws {InputError} If the noise is negative or `dim` is neither 2 nor 3.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * assert.deepEqual(data.swissRoll({ dim: 2 }), { kind: "swissRoll", noise: 0.5, dim: 2 });
 * ```
 */
export function swissRoll<const D extends 2 | 3 = 3>(
  options: SheetOptions<D> = {},
): Data<SwissRollSpec, NoInfer<D>> {
  return build("data.swissRoll", schema.swissRoll, { kind: "swissRoll", ...options });
}

/**
 * An S-shaped sheet, or the curve that it is bent along. Defaults: noise 0.1, dim 3.
 *
 * @throws {InputError} If the noise is negative or `dim` is neither 2 nor 3.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * assert.equal(data.sCurve().dim, 3);
 * ```
 */
export function sCurve<const D extends 2 | 3 = 3>(
  options: SheetOptions<D> = {},
): Data<SCurveSpec, NoInfer<D>> {
  return build("data.sCurve", schema.sCurve, { kind: "sCurve", ...options });
}

/**
 * Two concentric circles of radius 3 and 3 * factor in the plane. Defaults: noise 0.05, factor 0.5.
 *
 * @throws {InputError} If the noise is negative or the factor is not between 0 and 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * assert.equal(data.circles({ factor: 0.3 }).factor, 0.3);
 * ```
 */
export function circles(options: Settings<CirclesSpec> = {}): Data<CirclesSpec, 2> {
  return build("data.circles", schema.circles, { kind: "circles", ...options });
}
