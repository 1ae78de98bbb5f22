import type { GaussianSourceSpec } from "../../../dsl/spec.ts";
import { coordinates } from "./coordinates.ts";
import { type Distribution, partsOf } from "./distribution.ts";

/** Independent Gaussian coordinates, x = mean + scale * z; the density is known. */
export function gaussian(spec: GaussianSourceSpec & { readonly dim: number }): Distribution {
  const { dim } = spec;
  const mean = coordinates(spec.mean, dim, "mean");
  const scale = coordinates(spec.scale, dim, "scale");
  const offset = scale.reduce((sum, s) => sum - Math.log(s), -dim / 2 * Math.log(2 * Math.PI));
  return {
    dim,
    affine: { distribution: "normal", stream: "noise", shift: mean, scale },
    density: {
      logDensity: ({ data, shape }) =>
        Float64Array.from({ length: shape[0] }, (_, row) => {
          let squares = 0;
          for (let j = 0; j < dim; j++) {
            squares += ((data[row * dim + j] - mean[j]) / scale[j]) ** 2;
          }
          return offset - squares / 2;
        }),
    },
    sample(count, at) {
      const out = partsOf(at).child("noise").normal(count * dim, at.step);
      for (let i = 0; i < out.length; i++) out[i] = mean[i % dim] + scale[i % dim] * out[i];
      return out;
    },
  };
}
