import type { StraightnessSpec } from "../../dsl/spec.ts";
import type { TrajectoryMetric } from "./metric.ts";
import { meanOverPaths } from "./mean_over_paths.ts";

/**
 * E of the integral over t of |v(t, x_t) - (x_1 - x_0)|^2 along the flow, 0 exactly if every path is a straight
 * line at constant speed, so that one Euler step would do.
 *
 * Source: Liu, Gong, Liu, Flow straight and fast, arXiv:2209.03003, section 2.
 */
export const straightness: TrajectoryMetric<StraightnessSpec> = {
  kind: "straightness",
  name: "straightness",
  meaning:
    "How much velocities differ from the straight line between the ends of a path; 0 means that a single Euler step would do.",
  needs: "trajectory",
  lowerIsBetter: true,
  unit: () => "x^2",
  evaluate(trajectory) {
    const { data } = trajectory.x;
    return meanOverPaths(trajectory, ({ velocity, from, start, end, dim }) => {
      let sum = 0;
      for (let j = 0; j < dim; j++) {
        sum += (velocity[from + j] - (data[end + j] - data[start + j])) ** 2;
      }
      return sum;
    });
  },
};
