import type { Tensor } from "../../graph/types.ts";

/** The affine map z = (x - mean) / scale of each column, fitted on the train part. */
export interface Standardization {
  /** Mean of each column, [dim], in the units of the data. */
  readonly mean: Float64Array;
  /** Standard deviation of each column, [dim], in the units of the data. */
  readonly scale: Float64Array;
}

/** Data units to model units: z = (x - mean) / scale. Shapes: [n, dim] -> [n, dim]; null changes nothing. */
export function standardize(x: Tensor, standardization: Standardization | null): Tensor {
  return affine(x, standardization, (value, mean, scale) => (value - mean) / scale);
}

/**
 * Model units to data units: x = mean + scale * z, the inverse of {@linkcode standardize}.
 *
 * Shapes: [n, dim] -> [n, dim]; a standardisation of null changes nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const map = { mean: Float64Array.of(10, 0), scale: Float64Array.of(2, 1) };
 * const z = { data: Float32Array.of(1, 3), shape: [1, 2] };
 * assert.deepEqual([...unstandardize(z, map).data], [12, 3]);
 * ```
 */
export function unstandardize(x: Tensor, standardization: Standardization | null): Tensor {
  return affine(x, standardization, (value, mean, scale) => mean + scale * value);
}

/**
 * log |det dx/dz|, the sum of the columns' log scales, in nats: a model's density of z is that of the
 * data by log p(x) = log p(z) - logDeterminant.
 */
export function logDeterminant(standardization: Standardization | null): number {
  return standardization?.scale.reduce((sum, scale) => sum + Math.log(scale), 0) ?? 0;
}

function affine(
  x: Tensor,
  standardization: Standardization | null,
  map: (value: number, mean: number, scale: number) => number,
): Tensor {
  if (standardization === null) return x;
  const { mean, scale } = standardization;
  const dim = mean.length;
  if (x.data.length % dim !== 0) {
    throw new RangeError(`Cannot standardise [${x.shape}] with ${dim} columns`);
  }
  return {
    data: Float32Array.from(x.data, (value, i) => map(value, mean[i % dim], scale[i % dim])),
    shape: [...x.shape],
  };
}
