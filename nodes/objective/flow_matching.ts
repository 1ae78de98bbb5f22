import { type Expression, mean, minus, square } from "../../graph/mod.ts";
import type { ObjectiveSpec } from "../../dsl/spec.ts";
import { type Interpolant, interpolate } from "../interpolant/mod.ts";
import type { SourceSample, TargetSample, Time } from "../ports.ts";
import type { Velocity } from "../velocity/mod.ts";

/** A batch of coupled pairs and their times. */
export interface Batch {
  /** [n, 1], between 0 and 1. */
  readonly t: Time;
  /** [n, d]. */
  readonly x0: SourceSample;
  /** [n, d]. */
  readonly x1: TargetSample;
}

/**
 * The flow matching loss: mean over samples and coordinates of |network(t, x_t) - y|^2, where y is the
 * path's velocity, x_1 or x_0, as the objective says.
 *
 * Source: Lipman et al., arXiv:2210.02747; Tong et al., arXiv:2302.00482.
 *
 * @returns A scalar. It does not go to 0: its least value is the mean conditional variance of y given x_t.
 */
export function lossOf(
  objective: ObjectiveSpec,
  velocity: Velocity,
  interpolant: Interpolant,
  parameters: readonly Expression[],
  batch: Batch,
): Expression {
  const { xt, velocity: slope } = interpolate(interpolant, batch);
  const goals = { velocity: slope, target: batch.x1, noise: batch.x0 };
  const predicted = velocity.apply(parameters, batch.t, xt);
  return mean(square(minus(predicted, goals[objective.prediction])));
}
