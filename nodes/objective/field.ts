import { clamp, type Expression } from "../../graph/mod.ts";
import type { ObjectiveSpec } from "../../dsl/spec.ts";
import { convert, type Interpolant } from "../interpolant/mod.ts";
import type { PathPoint, Time } from "../ports.ts";
import type { Velocity } from "../velocity/mod.ts";

/** A velocity ready to be integrated, with its parameters handed in. */
export type ParametricField = (
  parameters: readonly Expression[],
  t: Time,
  x: PathPoint,
) => Expression;

/**
 * How near an end point a predicted target or noise is turned into a velocity.
 *
 * x_1 says nothing about the velocity at t = 1 (it would be 0 / 0), nor x_0 at t = 0, so from here on the
 * velocity of this time is used. It changes a sample by about half the square of this times dv/dt,
 * and multiplies an error of the network by at most its inverse.
 */
export const END_MARGIN = 1e-3;

/**
 * The velocity field of a trained network, whatever it predicts: finite at both end points.
 *
 * Shapes: `t` is [n, 1] or [1, 1], `x` and the result are [n, d].
 */
export function fieldOf(
  objective: ObjectiveSpec,
  velocity: Velocity,
  interpolant: Interpolant,
): ParametricField {
  const { prediction } = objective;
  if (prediction === "velocity") return velocity.apply;
  return (parameters, t, x) => {
    const inside = clamp(t, { low: END_MARGIN, high: 1 - END_MARGIN });
    const value = velocity.apply(parameters, inside, x);
    return convert(interpolant, { t: inside, x }, { kind: prediction, value }, "velocity");
  };
}
