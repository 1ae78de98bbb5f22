import { InputError } from "../../dsl/error.ts";
import type { Tensor } from "../../graph/types.ts";
import { type Points, pointsOf } from "../../solvers/transport/mod.ts";

/**
 * The two sets that a metric compares, in float64.
 *
 * @param least Rows that the metric needs of each.
 * @throws {InputError} If a set has fewer rows, or a sample is not finite.
 */
export function clouds(
  metric: string,
  samples: Tensor,
  reference: Tensor,
  least: 1 | 2 = 1,
): [Points, Points] {
  const sets = [["model", samples], ["target", reference]] as const;
  for (const [name, { data, shape: [count] }] of sets) {
    if (count < least) {
      throw new InputError(
        `Cannot measure the ${metric} as it needs at least ${least} row${
          least === 1 ? "" : "s"
        } of ${name} samples: found ${count}`,
        { field: "metrics" },
      );
    }
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new InputError(
        `Cannot measure the ${metric} as the samples are not finite: row ${
          Math.floor(bad * count / data.length)
        } of the ${name} samples holds ${data[bad]}` +
          (name === "model" ? "; the solver or the model diverged" : ""),
        { field: "metrics" },
      );
    }
  }
  return [pointsOf(samples, "model samples"), pointsOf(reference, "target samples")];
}
