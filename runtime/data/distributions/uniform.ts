import type { UniformSourceSpec } from "../../../dsl/spec.ts";
import { coordinates } from "./coordinates.ts";
import { type Distribution, partsOf } from "./distribution.ts";

/** Uniform on the box from `low` to `high`; the density is known. */
export function uniform(spec: UniformSourceSpec & { readonly dim: number }): Distribution {
  const { dim } = spec;
  const low = coordinates(spec.low, dim, "low");
  const high = coordinates(spec.high, dim, "high");
  const inside = low.reduce((sum, l, j) => sum - Math.log(high[j] - l), 0);
  const scale = low.map((l, j) => high[j] - l);
  return {
    dim,
    affine: { distribution: "uniform", stream: "place", shift: low, scale },
    density: {
      logDensity: ({ data, shape }) =>
        Float64Array.from({ length: shape[0] }, (_, row) => {
          const x = data.subarray(row * dim, (row + 1) * dim);
          return x.every((c, j) => c >= Math.fround(low[j]) && c <= Math.fround(high[j]))
            ? inside
            : -Infinity;
        }),
    },
    sample(count, at) {
      const out = partsOf(at).child("place").uniform(count * dim, at.step);
      for (let i = 0; i < out.length; i++) {
        const j = i % dim;
        out[i] = low[j] + scale[j] * out[i];
      }
      return out;
    },
  };
}
