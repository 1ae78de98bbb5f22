import type { EnergyDistanceSpec } from "../../dsl/spec.ts";
import { clouds } from "./clouds.ts";
import type { SampleMetric } from "./metric.ts";
import { meanOverOwnPairs, meanOverPairs } from "./pairs.ts";

/**
 * 2 E|X - Y| - E|X - X'| - E|Y - Y'|, unbiased (no point is compared with itself), so it can be slightly negative.
 *
 * Source: Székely & Rizzo, J. Stat. Plan. Inference 143(8):1249-1272, 2013.
 */
export const energyDistance: SampleMetric<EnergyDistanceSpec> = {
  kind: "energyDistance",
  name: "energy distance",
  meaning:
    "How much farther apart samples and target points lie than points within each; 0 exactly when both follow the same distribution.",
  needs: "samples",
  lowerIsBetter: true,
  unit: () => "x",
  evaluate: (samples, reference) => {
    const [x, y] = clouds(energyDistance.name, samples, reference, 2);
    return 2 * meanOverPairs(x, y, Math.sqrt) - meanOverOwnPairs(x, Math.sqrt) -
      meanOverOwnPairs(y, Math.sqrt);
  },
};
