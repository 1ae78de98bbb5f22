import type { EightGaussiansSpec } from "../../../dsl/spec.ts";
import type { Distribution } from "./distribution.ts";
import { mixture } from "./gaussian_mixture.ts";

/**
 * Eight Gaussians of standard deviation `noise`, equally likely, evenly spaced on a circle.
 *
 * Torchcfm's `sample_8gaussians` is { radius: 5, noise: 0.1 ** 0.25 }: it hands sqrt(var) with var = 0.1 to an
 * argument that is a covariance, so that each coordinate has variance 0.316, not 0.1. FFJORD's set is
 * { radius: 4 / 1.414, noise: 0.5 / 1.414 }.
 *
 * The density is known unless `noise` is 0.
 */
export function eightGaussians({ radius, noise }: EightGaussiansSpec): Distribution {
  const angles = Array.from({ length: 8 }, (_, k) => k * Math.PI / 4);
  return mixture({
    weights: angles.map(() => 1 / 8),
    means: angles.map((angle) => [radius * Math.cos(angle), radius * Math.sin(angle)]),
    factors: angles.map(() => [[noise], [0, noise]]),
  });
}
