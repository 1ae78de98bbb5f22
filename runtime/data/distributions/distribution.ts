import type { Tensor } from "../../../graph/types.ts";
import type { DrawAddress } from "../../../graph/threefry.ts";
import { type Stream, stream } from "../../random/mod.ts";

/** A density whose logarithm is known in closed form. */
export interface Density {
  /** Natural logarithm of the density at each row of `x`, [n, dim] -> [n]; -Infinity off the support. */
  logDensity(x: Tensor): Float64Array;
}

/** Numbers that are each shift + scale * draw, by coordinate; draw i is that of place i in row-major order. */
export interface AffineDraw {
  readonly distribution: "uniform" | "normal";
  /** The child of the address's stream that is drawn from. */
  readonly stream: string;
  readonly shift: readonly number[];
  readonly scale: readonly number[];
}

/** A distribution that is drawn afresh at every address. */
export interface Distribution {
  /** Numbers in a sample. */
  readonly dim: number;
  /** Row-major samples, [count, dim]. Row i depends on the address and on i alone, not on `count`. */
  sample(count: number, at: DrawAddress): Float32Array<ArrayBuffer>;
  /** Its density, or null where it has no closed form. */
  readonly density: Density | null;
  /** What `sample` computes, where it is no more than this. */
  readonly affine?: AffineDraw;
}

/**
 * A distribution of the form "a point for each row, plus Gaussian noise, scaled and shifted":
 * x = scale * (point + noise * z) + shift.
 *
 * The points are made from `uniforms` uniform numbers for each row.
 */
export function noisyCurve(curve: {
  readonly dim: number;
  readonly noise: number;
  readonly scale?: number;
  readonly shift?: number;
  readonly uniforms: number;
  readonly point: (u: Float32Array) => readonly number[];
}): Distribution {
  const { dim, noise, scale = 1, shift = 0, uniforms, point } = curve;
  return {
    dim,
    density: null,
    sample(count, at) {
      const parts = partsOf(at);
      const u = parts.child("place").uniform(count * uniforms, at.step);
      const out = parts.child("noise").normal(count * dim, at.step);
      for (let row = 0; row < count; row++) {
        const place = point(u.subarray(row * uniforms, (row + 1) * uniforms));
        for (let j = 0; j < dim; j++) {
          const i = row * dim + j;
          out[i] = scale * (place[j] + noise * out[i]) + shift;
        }
      }
      return out;
    },
  };
}

/** The stream of an address, whose children are a distribution's own streams. */
export function partsOf(at: DrawAddress): Stream {
  return stream(at.seed, at.stream);
}
