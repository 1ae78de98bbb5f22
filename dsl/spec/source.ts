import type { DataSpec } from "./data.ts";

/** Gaussian with independent coordinates: x = mean + scale * z with z ~ N(0, I). */
export interface GaussianSourceSpec {
  /** Says which kind this is. */
  readonly kind: "gaussian";
  /** Number of coordinates; null until the target's data are read. */
  readonly dim: number | null;
  /** Mean of every coordinate, or one per coordinate. */
  readonly mean: number | readonly number[];
  /** Standard deviation of every coordinate, or one per coordinate. */
  readonly scale: number | readonly number[];
}

/** Uniform on a box, low <= x < high in each coordinate. */
export interface UniformSourceSpec {
  /** Says which kind this is. */
  readonly kind: "uniform";
  /** Number of coordinates; null until the target's data are read. */
  readonly dim: number | null;
  /** Lower end of every coordinate, or one per coordinate. */
  readonly low: number | readonly number[];
  /** Upper end of every coordinate, or one per coordinate. */
  readonly high: number | readonly number[];
}

/** The distribution at t = 0: a density to draw from, or any data set (data-to-data transport). */
export type SourceSpec = GaussianSourceSpec | UniformSourceSpec | DataSpec;
