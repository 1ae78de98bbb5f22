import type { CirclesSpec } from "../../../dsl/spec.ts";
import { type Distribution, noisyCurve } from "./distribution.ts";

/**
 * Two concentric circles of radius 3 and 3 * factor, each with probability 1/2.
 *
 * Units: `noise` is a standard deviation in radii of the outer circle, so that each coordinate is off by 3 * noise.
 * Source: scikit-learn `make_circles`; FFJORD's set is { noise: 0.08, factor: 0.5 }.
 */
export function circles({ noise, factor }: CirclesSpec): Distribution {
  return noisyCurve({
    dim: 2,
    noise,
    scale: 3,
    uniforms: 1,
    point: ([u]) => {
      const angle = 4 * Math.PI * u; // once around the outer circle, then once around the inner
      const radius = u < 0.5 ? 1 : factor;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    },
  });
}
