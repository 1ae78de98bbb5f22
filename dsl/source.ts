import { build } from "./build.ts";
import type { Dimension } from "./dimension.ts";
import * as schema from "./schema/source.ts";
import type { GaussianSourceSpec, SourceSpec, UniformSourceSpec } from "./spec/source.ts";

/** A Gaussian source in D coordinates. */
export interface GaussianSource<D extends number = number>
  extends GaussianSourceSpec, Dimension<D> {}

/** A uniform source in D coordinates. */
export interface UniformSource<D extends number = number> extends UniformSourceSpec, Dimension<D> {}

/** Any source in D coordinates: one made here, or a data set made by `data`. */
export type Source<D extends number = number> = SourceSpec & Dimension<D>;

/** Settings of {@link gaussian}. */
export interface GaussianSourceOptions<D extends number = number> {
  /** Number of coordinates. Default: that of the target. */
  readonly dim?: D;
  /** Mean of every coordinate, or one per coordinate. Default 0. */
  readonly mean?: number | readonly number[];
  /** Standard deviation of every coordinate, or one per coordinate. Default 1. */
  readonly scale?: number | readonly number[];
}

/** Settings of {@link uniform}. */
export interface UniformSourceOptions<D extends number = number> {
  /** Number of coordinates. Default: that of the target. */
  readonly dim?: D;
  /** Lower end of every coordinate, or one per coordinate. Default -1. */
  readonly low?: number | readonly number[];
  /** Upper end of every coordinate, or one per coordinate. Default 1. */
  readonly high?: number | readonly number[];
}

/**
 * Gaussian source with independent coordinates: x = mean + scale * z with z ~ N(0, I).
 *
 * @throws {InputError} If a scale is not above 0, or a list does not have `dim` numbers.
 *
 * @example The standard Gaussian of the plane
 * ```ts
 * import assert from "node:assert/strict";
 * import { source } from "./mod.ts";
 * assert.deepEqual(source.gaussian({ dim: 2 }), { kind: "gaussian", dim: 2, mean: 0, scale: 1 });
 * ```
 */
export function gaussian<const D extends number = number>(
  options: GaussianSourceOptions<D> = {},
): GaussianSource<NoInfer<D>> {
  return build("source.gaussian", schema.gaussian, { kind: "gaussian", ...options });
}

/**
 * Uniform source on a box, low <= x < high in each coordinate.
 *
 * @throws {InputError} If a low end is not below its high end.
 *
 * @example The unit square
 * ```ts
 * import assert from "node:assert/strict";
 * import { source } from "./mod.ts";
 * const square = source.uniform({ dim: 2, low: 0 });
 * assert.deepEqual(square, { kind: "uniform", dim: 2, low: 0, high: 1 });
 * ```
 */
export function uniform<const D extends number = number>(
  options: UniformSourceOptions<D> = {},
): UniformSource<NoInfer<D>> {
  return build("source.uniform", schema.uniform, { kind: "uniform", ...options });
}
