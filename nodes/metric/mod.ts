/**
 * Metrics: numbers about samples, densities or paths, each with its unit and direction.
 *
 * A metric says what it needs, so that whoever measures can loop over all of one kind; a distance between samples has as
 * floor the same distance between two fresh sets of target samples.
 *
 * @example Two sets a shift apart
 * ```ts
 * import assert from "node:assert/strict";
 * const x = { data: new Float32Array([0, 1, 2]), shape: [3, 1] };
 * const y = { data: new Float32Array([5, 7, 6]), shape: [3, 1] };
 * const at = { seed: 0, stream: "metric", step: 0 };
 * assert.equal(wasserstein2.evaluate(x, y, { kind: "wasserstein2", samples: 3, repeats: 1 }, at), 5);
 * ```
 *
 * @module
 */

import type { MetricSpec } from "../../dsl/spec.ts";
import { bitsPerDimension } from "./bits_per_dimension.ts";
import { energyDistance } from "./energy_distance.ts";
import type { Metric } from "./metric.ts";
import { mmd } from "./mmd.ts";
import { covarianceError, meanError } from "./moments.ts";
import { negativeLogLikelihood } from "./negative_log_likelihood.ts";
import { pathEnergy } from "./path_energy.ts";
import { sinkhornDivergence } from "./sinkhorn_divergence.ts";
import { slicedWasserstein } from "./sliced_wasserstein.ts";
import { straightness } from "./straightness.ts";
import { wasserstein1, wasserstein2 } from "./wasserstein.ts";

export type {
  Described,
  LikelihoodMetric,
  Metric,
  SampleMetric,
  SampleMetricSpec,
  Trajectory,
  TrajectoryMetric,
} from "./metric.ts";
export {
  bitsPerDimension,
  covarianceError,
  energyDistance,
  meanError,
  mmd,
  negativeLogLikelihood,
  pathEnergy,
  sinkhornDivergence,
  slicedWasserstein,
  straightness,
  wasserstein1,
  wasserstein2,
};

/** Every metric by the kind of its spec. Tests loop over this. */
export const METRICS: { readonly [K in MetricSpec["kind"]]: Metric } = {
  wasserstein1,
  wasserstein2,
  sinkhornDivergence,
  slicedWasserstein,
  mmd,
  energyDistance,
  meanError,
  covarianceError,
  negativeLogLikelihood,
  bitsPerDimension,
  pathEnergy,
  straightness,
};

/** The metric that a spec names. */
export function metricOf(spec: MetricSpec): Metric {
  return METRICS[spec.kind];
}
