import type { SwissRollSpec } from "../../../dsl/spec.ts";
import { type Distribution, noisyCurve } from "./distribution.ts";

/**
 * A sheet rolled into a spiral: (t cos t, depth, t sin t) / 5 with t uniform on [1.5 pi, 4.5 pi] and
 * depth uniform on [0, 21]; in 2-D without the depth.
 *
 * Units: `noise` is a standard deviation before the division by 5.
 * Source: scikit-learn `make_swiss_roll`; FFJORD's set is { noise: 1, dim: 2 }.
 */
export function swissRoll({ noise, dim }: SwissRollSpec): Distribution {
  return noisyCurve({
    dim,
    noise,
    scale: 1 / 5,
    uniforms: dim - 1,
    point: ([u, v]) => {
      const t = 1.5 * Math.PI * (1 + 2 * u);
      const [x, z] = [t * Math.cos(t), t * Math.sin(t)];
      return dim === 2 ? [x, z] : [x, 21 * v, z];
    },
  });
}
