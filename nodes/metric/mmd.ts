import type { MmdSpec } from "../../dsl/spec.ts";
import { InputError } from "../../dsl/error.ts";
import { groundCost, type Points } from "../../solvers/transport/mod.ts";
import { clouds } from "./clouds.ts";
import type { SampleMetric } from "./metric.ts";
import { meanOverOwnPairs, meanOverPairs } from "./pairs.ts";

/** Points of each set that the median rule looks at, evenly spaced through the set. */
const MEDIAN_POINTS = 300;

/**
 * Squared maximum mean discrepancy, unbiased (U-statistic), so it can be slightly negative.
 *
 * Kernels: gaussian exp(-d^2 / (2 h^2)), laplacian exp(-d / h). The median rule sets h to the median distance
 * between pooled points.
 * Source: Gretton et al., JMLR 13:723-773, 2012, lemma 6.
 */
export const mmd: SampleMetric<MmdSpec> = {
  kind: "mmd",
  name: "squared maximum mean discrepancy",
  meaning:
    "The largest gap between means over samples and over target points of any smooth test function, squared; unbiased, so it scatters around 0 when both follow the same distribution.",
  needs: "samples",
  lowerIsBetter: true,
  unit: () => "1",
  evaluate: (samples, reference, { kernel, bandwidth }) => {
    const [x, y] = clouds(mmd.name, samples, reference, 2);
    const h = bandwidth === "median" ? medianDistance(x, y) : bandwidth;
    if (!(h > 0)) {
      throw new InputError(
        `Cannot measure the ${mmd.name} as its bandwidth must be positive: found ${h}${
          bandwidth === "median" ? ", the median distance; most points coincide" : ""
        }`,
        { field: "metrics" },
      );
    }
    const k = kernel === "gaussian"
      ? (squared: number) => Math.exp(-squared / (2 * h * h))
      : (squared: number) => Math.exp(-Math.sqrt(squared) / h);
    return meanOverOwnPairs(x, k) + meanOverOwnPairs(y, k) - 2 * meanOverPairs(x, y, k);
  },
};

/** Median distance between different points of both sets together. */
function medianDistance(x: Points, y: Points): number {
  const pool = [x, y].flatMap((points) => {
    const count = Math.min(points.count, MEDIAN_POINTS);
    return Array.from(
      { length: count },
      (_, p) => ({ points, row: Math.floor((p * points.count) / count) }),
    );
  });
  const distances = new Float64Array((pool.length * (pool.length - 1)) / 2);
  let size = 0;
  for (let a = 0; a < pool.length; a++) {
    for (let b = 0; b < a; b++) {
      distances[size++] = groundCost(
        pool[a].points,
        pool[a].row,
        pool[b].points,
        pool[b].row,
        "euclidean",
      );
    }
  }
  distances.sort();
  return (distances[(size - 1) >> 1] + distances[size >> 1]) / 2;
}
