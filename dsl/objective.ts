import { build } from "./build.ts";
import type { Settings } from "./dimension.ts";
import * as schema from "./schema/objective.ts";
import type { FlowMatchingObjectiveSpec } from "./spec/objective.ts";

/**
 * Flow matching: the mean squared error of a velocity at a random time on the path of a random
 * pair. The network predicts the velocity (default), the target sample or the source sample; the
 * velocity that is trained and integrated is the same quantity by algebra.
 *
 * A target says nothing of the velocity at t = 1, nor a source sample at t = 0, so within 0.05 of that
 * end the velocity at 0.05 from it is used, and details finer than some 0.02 are lost (in the units that the
 * network sees). Predict the velocity where the data have such details. The error at time t
 * counts by the weight of the path's other end, so that times near the end do not drown the others.
 *
 * Source: Lipman et al., arXiv:2210.02747; Liu et al., arXiv:2209.03003; predicting samples: Li and
 * He, arXiv:2511.13720.
 *
 * @throws {InputError} If `prediction` is none of "velocity", "target" and "noise".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { objective } from "./mod.ts";
 * assert.equal(objective.flowMatching().prediction, "velocity");
 * ```
 */
export function flowMatching(
  options: Settings<FlowMatchingObjectiveSpec> = {},
): FlowMatchingObjectiveSpec {
  return build("objective.flowMatching", schema.flowMatching, { kind: "flowMatching", ...options });
}
