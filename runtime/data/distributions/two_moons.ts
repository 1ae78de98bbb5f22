import type { TwoMoonsSpec } from "../../../dsl/spec.ts";
import { type Distribution, noisyCurve } from "./distribution.ts";

/**
 * Two interleaved half circles of radius 1, around (0, 0) and (1, 1/2), each with probability 1/2:
 * x = scale * (moon + noise) + shift.
 *
 * With `smear: "diagonal"` the noise is one uniform number on [0, noise] added to both coordinates,
 * as in torchdyn's `generate_moons`: { noise: 0.2, smear: "diagonal", scale: 3, shift: -1 } is the law of
 * torchcfm's `sample_moons`, against which OT-CFM results are published.
 *
 * Units: `noise` is in radii of a moon, before scaling.
 * Source: scikit-learn `make_moons`; torchdyn `generate_moons`; FFJORD has scale 2 and shift (-1, -0.2).
 */
export function twoMoons(spec: TwoMoonsSpec): Distribution {
  const { noise, scale, shift } = spec;
  const moon = (u: number): readonly [number, number] => {
    const angle = 2 * Math.PI * u; // the outer moon below pi, the inner one above
    return u < 0.5
      ? [Math.cos(angle), Math.sin(angle)]
      : [1 + Math.cos(angle), 0.5 + Math.sin(angle)];
  };
  if (spec.smear !== "diagonal") {
    return noisyCurve({ dim: 2, noise, scale, shift, uniforms: 1, point: ([u]) => moon(u) });
  }
  return noisyCurve({
    dim: 2,
    noise: 0,
    scale,
    shift,
    uniforms: 2,
    point: ([u, v]) => moon(u).map((c) => c + noise * v),
  });
}
