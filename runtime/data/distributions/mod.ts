import type {
  DataSpec,
  GaussianSourceSpec,
  ToySpec,
  UniformSourceSpec,
} from "../../../dsl/spec.ts";
import { checkerboard } from "./checkerboard.ts";
import { circles } from "./circles.ts";
import type { Distribution } from "./distribution.ts";
import { eightGaussians } from "./eight_gaussians.ts";
import { gaussian } from "./gaussian.ts";
import { gaussianMixture } from "./gaussian_mixture.ts";
import { pinwheel } from "./pinwheel.ts";
import { sCurve } from "./s_curve.ts";
import { swissRoll } from "./swiss_roll.ts";
import { twoMoons } from "./two_moons.ts";
import { uniform } from "./uniform.ts";

export type { Density, Distribution } from "./distribution.ts";

/** The spec of a distribution that is drawn afresh at every step; its dimension is known. */
export type DistributionSpec =
  | ToySpec
  | ((GaussianSourceSpec | UniformSourceSpec) & { readonly dim: number });

/** Every distribution, by kind. */
export const DISTRIBUTIONS: {
  readonly [K in DistributionSpec["kind"]]: (
    spec: Extract<DistributionSpec, { kind: K }>,
  ) => Distribution;
} = {
  gaussian,
  uniform,
  twoMoons,
  eightGaussians,
  checkerboard,
  pinwheel,
  swissRoll,
  sCurve,
  circles,
  gaussianMixture,
};

/** Makes the distribution of a spec. */
export function distributionOf(spec: DistributionSpec): Distribution {
  // The spec fits the maker of its own kind, which TypeScript cannot follow through a union.
  const make = DISTRIBUTIONS[spec.kind] as (spec: DistributionSpec) => Distribution;
  return make(spec);
}

/** Whether a spec is of a toy distribution, not of a finite data set. */
export function isToy(spec: DataSpec): spec is ToySpec {
  return Object.hasOwn(DISTRIBUTIONS, spec.kind);
}
