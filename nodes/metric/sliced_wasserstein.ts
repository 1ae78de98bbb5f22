import type { SlicedWassersteinSpec } from "../../dsl/spec.ts";
import { fillNormal } from "../../graph/threefry.ts";
import { lineCost, type Points } from "../../solvers/transport/mod.ts";
import { clouds } from "./clouds.ts";
import type { SampleMetric } from "./metric.ts";

/**
 * Root of the mean squared W2 along uniformly random directions, each exact.
 *
 * The mean over directions is unbiased for its square. For a shift by s in d dimensions it is |s| / sqrt(d).
 * Source: Bonneel, Rabin, Peyré, Pfister, J. Math. Imaging Vis. 51:22-45, 2015.
 */
export const slicedWasserstein: SampleMetric<SlicedWassersteinSpec> = {
  kind: "slicedWasserstein",
  name: "sliced Wasserstein-2 distance",
  meaning:
    "The distance that samples must move to become the target, seen along random directions, root mean square.",
  needs: "samples",
  lowerIsBetter: true,
  unit: () => "x",
  evaluate: (samples, reference, { projections }, at) => {
    const [x, y] = clouds(slicedWasserstein.name, samples, reference);
    if (x.dim !== y.dim) {
      throw new RangeError(
        `Cannot compare points of different dimension: found ${x.dim} and ${y.dim}`,
      );
    }
    const directions = new Float32Array(projections * x.dim);
    fillNormal(directions, at);
    let total = 0;
    for (let p = 0; p < projections; p++) {
      const direction = directions.subarray(p * x.dim, (p + 1) * x.dim);
      const length = Math.hypot(...direction);
      total += lineCost(along(x, direction, length), along(y, direction, length), 2);
    }
    return Math.sqrt(total / projections);
  },
};

function along(
  { data, count, dim }: Points,
  direction: Float32Array,
  length: number,
): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let dot = 0;
    for (let k = 0; k < dim; k++) dot += data[i * dim + k] * direction[k];
    out[i] = dot / length;
  }
  return out;
}
