import { InputError } from "../../dsl/error.ts";
import type { PathEnergySpec } from "../../dsl/spec.ts";
import type { Tensor } from "../../graph/mod.ts";
import { assignPoints, pointsOf } from "../../solvers/transport/mod.ts";
import type { Trajectory, TrajectoryMetric } from "./metric.ts";
import { meanOverPaths } from "./mean_over_paths.ts";

/**
 * E of the integral over t of |v(t, x_t)|^2 along the flow, or its distance from the least that any flow needs:
 * |energy - W2^2| / W2^2, with W2 the exact distance between the same source samples and the target's.
 *
 * Errors: an InputError if that distance is 0.
 *
 * Source: Tong et al., Improving and generalizing flow-based generative models with minibatch optimal transport,
 * arXiv:2302.00482, section 5.
 */
export const pathEnergy: TrajectoryMetric<PathEnergySpec> = {
  kind: "pathEnergy",
  name: "path energy",
  meaning:
    "The squared speed of samples on their way, averaged. No flow needs less than the squared transport distance between source and target; normalized, it is the excess over that, relative to it.",
  needs: "trajectory",
  lowerIsBetter: true,
  unit: ({ normalized }) => normalized ? "1" : "x^2",
  evaluate(trajectory, reference, { normalized }) {
    const energy = meanOverPaths(trajectory, ({ velocity, from, dim }) => {
      let sum = 0;
      for (let j = 0; j < dim; j++) sum += velocity[from + j] ** 2;
      return sum;
    });
    if (!normalized) return energy;
    const least = transportCost(trajectory, reference);
    if (least === 0) {
      throw new InputError(
        "A normalized path energy needs a source that differs from the target, found the same points in both: use metric.pathEnergy({ normalized: false })",
        { field: "normalized" },
      );
    }
    return Math.abs(energy - least) / least;
  },
};

/** Mean squared distance of the optimal plan between the paths' starts and as many target samples. */
function transportCost({ x }: Trajectory, reference: Tensor): number {
  const [, paths, ...event] = x.shape;
  const count = Math.min(paths, reference.shape[0]);
  const size = event.reduce((a, b) => a * b, 1);
  const first = (data: Float32Array) =>
    pointsOf({ data: data.subarray(0, count * size), shape: [count, size] });
  return assignPoints(first(x.data), first(reference.data), "squaredEuclidean").cost / count;
}
