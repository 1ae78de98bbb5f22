import { build } from "../build.ts";
import * as schema from "../schema/gaussian_mixture.ts";
import type { GaussianMixtureSpec } from "../spec/data.ts";
import type { Data } from "./source.ts";

/** Settings of {@link gaussianMixture}. */
export interface GaussianMixtureOptions<
  M extends readonly (readonly number[])[] = readonly (readonly number[])[],
> {
  /** Mean of each component, [components, dim]. */
  readonly means: M;
  /** Weight of each component, above 0; brought to the sum 1. Default: all equal. */
  readonly weights?: readonly number[];
  /**
   * Covariance of each component, symmetric and positive definite, [components, dim, dim];
   * a number stands for that variance in every coordinate of every component. Default 1.
   */
  readonly covariances?: number | readonly (readonly (readonly number[])[])[];
}

/**
 * A mixture of Gaussians. It knows its density, so it serves as a source of likelihoods too.
 *
 * @throws {InputError} If sizes disagree, a weight is not above 0 or a covariance is not positive
 * definite.
 *
 * @example Two components of standard deviation 0.5
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * const pair = data.gaussianMixture({ means: [[-2, 0], [2, 0]], covariances: 0.25 });
 * assert.deepEqual(pair.weights, [0.5, 0.5]);
 * assert.deepEqual(pair.covariances[0], [[0.25, 0], [0, 0.25]]);
 * ```
 */
export function gaussianMixture<const M extends readonly (readonly number[])[]>(
  options: GaussianMixtureOptions<M>,
): Data<GaussianMixtureSpec, M[number]["length"]> {
  const { means, covariances = 1, weights, ...rest } = options;
  const isotropic = (variance: number) =>
    means.map((mean) => mean.map((_, i) => mean.map((_, j) => i === j ? variance : 0)));
  return build("data.gaussianMixture", schema.gaussianMixture, {
    kind: "gaussianMixture",
    ...rest,
    means,
    weights: weights ?? means?.map(() => 1),
    covariances: typeof covariances === "number" ? isotropic(covariances) : covariances,
  });
}
