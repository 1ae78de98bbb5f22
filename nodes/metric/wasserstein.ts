import type { WassersteinSpec } from "../../dsl/spec.ts";
import { pointsOf, wasserstein } from "../../solvers/transport/mod.ts";
import type { SampleMetric } from "./metric.ts";

function exact(kind: WassersteinSpec["kind"], order: 1 | 2): SampleMetric<WassersteinSpec> {
  return {
    kind,
    name: `Wasserstein-${order} distance`,
    needs: "samples",
    lowerIsBetter: true,
    unit: () => "x",
    evaluate: (samples, reference) =>
      wasserstein(pointsOf(samples, "model samples"), pointsOf(reference, "target samples"), order),
  };
}

/**
 * Exact W1 between the empirical measures, Euclidean cost. Biased upwards by O(n^(-1/d)): read it beside its
 * floor. Source: Peyré & Cuturi, "Computational Optimal Transport", §2.2.
 */
export const wasserstein1: SampleMetric<WassersteinSpec> = exact("wasserstein1", 1);

/** Exact W2 between the empirical measures: root of the least mean squared distance. Biased as W1 is. */
export const wasserstein2: SampleMetric<WassersteinSpec> = exact("wasserstein2", 2);
