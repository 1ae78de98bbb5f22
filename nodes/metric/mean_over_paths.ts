import { InputError } from "../../dsl/error.ts";
import type { Trajectory } from "./metric.ts";

/** One path at one time: where its numbers lie. */
export interface PathPlace {
  /** Velocities of all paths at all times. */
  readonly velocity: Float32Array;
  /** Where this path's velocity at this time starts. */
  readonly from: number;
  /** Where the path's state at the first and at the last time starts, in the states of the trajectory. */
  readonly start: number;
  readonly end: number;
  /** Numbers in a state. */
  readonly dim: number;
}

/**
 * The mean over paths of the integral over time of a number at each place, by the trapezoidal rule
 * (with 50 equal intervals its error is 3e-5 of the change of the integrand's slope).
 */
export function meanOverPaths(
  { times, x, velocity }: Trajectory,
  at: (place: PathPlace) => number,
): number {
  const [count, paths, ...event] = x.shape;
  const dim = event.reduce((a, b) => a * b, 1);
  let total = 0;
  for (let k = 0; k < count; k++) {
    const weight = (times[Math.min(k + 1, count - 1)] - times[Math.max(k - 1, 0)]) / 2;
    for (let i = 0; i < paths; i++) {
      const start = i * dim;
      const from = k * paths * dim + start;
      const end = (count - 1) * paths * dim + start;
      total += weight * at({ velocity: velocity.data, from, start, end, dim });
      if (Number.isFinite(total)) continue;
      throw new InputError(
        `Cannot measure the paths as path ${i} is not finite at time ${times[k]}; ` +
          "the solver or the model diverged",
        { field: "metrics" },
      );
    }
  }
  return total / paths;
}
