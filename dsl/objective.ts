import { build } from "./build.ts";
import type { Settings } from "./dimension.ts";
import * as schema from "./schema/objective.ts";
import type { FlowMatchingObjectiveSpec } from "./spec/objective.ts";

/**
 * Flow matching: the mean squared error of a prediction at a random time on the path of a random
 * pair. The network predicts the velocity (default), the target sample or the source sample; the
 * field that is integrated is the same quantity by algebra.
 *
 * Source: Lipman et al., arXiv:2210.02747; Liu et al., arXiv:2209.03003.
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
