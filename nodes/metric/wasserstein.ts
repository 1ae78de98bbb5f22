import type { WassersteinSpec } from "../../dsl/spec.ts";
import { wasserstein } from "../../solvers/transport/mod.ts";
import { clouds } from "./clouds.ts";
import type { SampleMetric } from "./metric.ts";

function exact(kind: WassersteinSpec["kind"], order: 1 | 2): SampleMetric<WassersteinSpec> {
  const name = `Wasserstein-${order} distance`;
  return {
    kind,
    name,
    meaning: `The ${
      order === 1 ? "mean" : "root mean square"
    } distance that samples must move at least to become points of the target.`,
    needs: "samples",
    lowerIsBetter: true,
    unit: () => "x",
    evaluate: (samples, reference) => {
      const [x, y] = clouds(name, samples, reference);
      return wasserstein(x, y, order);
    },
  };
}

/**
 * Exact W1 between the empirical measures, Euclidean cost. Biased upwards by O(n^(-1/d)): read it beside its
 * floor. Source: Peyré & Cuturi, "Computational Optimal Transport", §2.2.
 */
export const wasserstein1: SampleMetric<WassersteinSpec> = exact("wasserstein1", 1);

/** Exact W2 between the empirical measures: root of the least mean squared distance. Biased as W1 is. */
export const wasserstein2: SampleMetric<WassersteinSpec> = exact("wasserstein2", 2);
