import type { SCurveSpec } from "../../../dsl/spec.ts";
import { type Distribution, noisyCurve } from "./distribution.ts";

/**
 * Two joined three-quarter circles of radius 1: (sin t, depth, sign(t) (cos t - 1)) with t uniform on
 * [-1.5 pi, 1.5 pi] and depth uniform on [0, 2]; in 2-D without the depth.
 *
 * Units: `noise` is the standard deviation of each coordinate.
 * Source: scikit-learn `make_s_curve`.
 */
export function sCurve({ noise, dim }: SCurveSpec): Distribution {
  return noisyCurve({
    dim,
    noise,
    uniforms: dim - 1,
    point: ([u, v]) => {
      const t = 3 * Math.PI * (u - 0.5);
      const [x, z] = [Math.sin(t), Math.sign(t) * (Math.cos(t) - 1)];
      return dim === 2 ? [x, z] : [x, 2 * v, z];
    },
  });
}
