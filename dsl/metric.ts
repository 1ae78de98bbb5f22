import { build } from "./build.ts";
import type { Settings } from "./dimension.ts";
import { metricRecords } from "./schema/metric.ts";
import type {
  BitsPerDimensionSpec,
  EnergyDistanceSpec,
  MetricSpec,
  MmdSpec,
  MomentErrorSpec,
  NegativeLogLikelihoodSpec,
  PathEnergySpec,
  SinkhornDivergenceSpec,
  SlicedWassersteinSpec,
  StraightnessSpec,
  WassersteinSpec,
} from "./spec/metric.ts";

/**
 * Exact order-1 Wasserstein distance between model samples and target samples, Euclidean cost.
 * Default: 1000 samples, 5 repeats.
 *
 * Units: units of x; lower is better.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.wasserstein1().samples, 1_000);
 * ```
 */
export function wasserstein1(options: Settings<WassersteinSpec> = {}): WassersteinSpec {
  return metric("wasserstein1", options);
}

/**
 * Exact order-2 Wasserstein distance between model samples and target samples: the root of the
 * smallest mean squared Euclidean cost.
 * Default: 1000 samples, 5 repeats.
 *
 * Units: units of x; lower is better.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.wasserstein2({ samples: 2_000 }).samples, 2_000);
 * ```
 */
export function wasserstein2(options: Settings<WassersteinSpec> = {}): WassersteinSpec {
  return metric("wasserstein2", options);
}

/**
 * Debiased entropic transport cost between model samples and target samples, squared Euclidean
 * cost. Default epsilon 0.1.
 * Default: 1000 samples, 5 repeats.
 *
 * Units: squared units of x; lower is better.
 * Source: Feydy et al., arXiv:1810.08278.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.sinkhornDivergence().epsilon, 0.1);
 * ```
 */
export function sinkhornDivergence(
  options: Settings<SinkhornDivergenceSpec> = {},
): SinkhornDivergenceSpec {
  return metric("sinkhornDivergence", options);
}

/**
 * Root mean square, over random directions, of the order-2 distance between projected samples.
 * Default 100 projections.
 * Default: 1000 samples, 5 repeats.
 *
 * Units: units of x; lower is better.
 * Source: Bonneel et al., J. Math. Imaging Vis. 51:22–45, 2015.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.slicedWasserstein({ projections: 50 }).projections, 50);
 * ```
 */
export function slicedWasserstein(
  options: Settings<SlicedWassersteinSpec> = {},
): SlicedWassersteinSpec {
  return metric("slicedWasserstein", options);
}

/**
 * Maximum mean discrepancy, the unbiased estimate of its square. Defaults: Gaussian kernel, with
 * the median distance between pooled samples for its width.
 * Default: 1000 samples, 5 repeats.
 *
 * Units: none; lower is better.
 * Source: Gretton et al., JMLR 13:723–773, 2012.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.mmd({ kernel: "laplacian" }).bandwidth, "median");
 * ```
 */
export function mmd(options: Settings<MmdSpec> = {}): MmdSpec {
  return metric("mmd", options);
}

/**
 * Energy distance, 2 E|X - Y| - E|X - X'| - E|Y - Y'|.
 * Default: 1000 samples, 5 repeats.
 *
 * Units: units of x; lower is better.
 * Source: Székely & Rizzo, J. Stat. Plan. Inference 143(8):1249–1272, 2013.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.energyDistance().samples, 1_000);
 * ```
 */
export function energyDistance(options: Settings<EnergyDistanceSpec> = {}): EnergyDistanceSpec {
  return metric("energyDistance", options);
}

/**
 * Mean of -log p(x) over points of the target that were not trained on, with the exact divergence
 * of the field. It needs a source that knows its density.
 * Default: 1000 points at most.
 *
 * Units: nats; lower is better.
 * Source: Chen et al., arXiv:1806.07366.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.negativeLogLikelihood({ samples: 500 }).samples, 500);
 * ```
 */
export function negativeLogLikelihood(
  options: Settings<NegativeLogLikelihoodSpec> = {},
): NegativeLogLikelihoodSpec {
  return metric("negativeLogLikelihood", options);
}

/**
 * Mean of -log2 p(x) per coordinate over points of the target that were not trained on, in units of
 * the data's `dequantize` where it is given. It needs a source that knows its density.
 * Default: 1000 points at most.
 *
 * Units: bits per coordinate; lower is better.
 * Source: Theis, van den Oord, Bethge, arXiv:1511.01844.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.bitsPerDimension().divergence, "exact");
 * ```
 */
export function bitsPerDimension(
  options: Settings<BitsPerDimensionSpec> = {},
): BitsPerDimensionSpec {
  return metric("bitsPerDimension", options);
}

/**
 * Expected time integral of |v|^2 along the flow; `normalized` gives |energy - W2^2| / W2^2 between
 * source and target instead.
 * Default: 1000 samples, 5 repeats.
 *
 * Units: squared units of x, none when normalised; lower is better.
 * Source: Tong et al., arXiv:2302.00482.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.pathEnergy({ normalized: true }).repeats, 5);
 * ```
 */
export function pathEnergy(options: Settings<PathEnergySpec> = {}): PathEnergySpec {
  return metric("pathEnergy", options);
}

/**
 * Expected time integral of |v - (x_1 - x_0)|^2 along the flow; 0 for straight paths.
 * Default: 1000 samples, 5 repeats.
 *
 * Units: squared units of x; lower is better.
 * Source: Liu et al., arXiv:2209.03003.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.straightness().samples, 1_000);
 * ```
 */
export function straightness(options: Settings<StraightnessSpec> = {}): StraightnessSpec {
  return metric("straightness", options);
}

/**
 * Euclidean distance between the means of model samples and target samples.
 * Default: 1000 samples, 5 repeats.
 *
 * Units: units of x; lower is better.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.meanError().samples, 1_000);
 * ```
 */
export function meanError(options: Settings<MomentErrorSpec> = {}): MomentErrorSpec {
  return metric("meanError", options);
}

/**
 * Frobenius distance between the covariances of model samples and target samples.
 * Default: 1000 samples, 5 repeats.
 *
 * Units: squared units of x; lower is better.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metric } from "./mod.ts";
 * assert.equal(metric.covarianceError().samples, 1_000);
 * ```
 */
export function covarianceError(options: Settings<MomentErrorSpec> = {}): MomentErrorSpec {
  return metric("covarianceError", options);
}

function metric<M extends MetricSpec>(kind: M["kind"], options: Settings<M>): M {
  return build(`metric.${kind}`, metricRecords[kind], { kind, ...options });
}
