/**
 * Optimizers: what turns a gradient into an update, as expressions.
 *
 * @module
 */

import type { OptimizerSpec } from "../../dsl/spec.ts";
import { adam } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { sgd } from "./sgd.ts";

export { clipByGlobalNorm } from "./clip.ts";
export { averaged } from "./ema.ts";
export { scheduleOf } from "./schedule.ts";
export type { Optimizer, OptimizerState, OptimizerUpdate } from "./optimizer.ts";

/**
 * The optimizer that a spec names, over `total` updates (schedules count to it).
 */
export function optimizerOf(spec: OptimizerSpec, total: number): Optimizer {
  return spec.kind === "sgd" ? sgd(spec, total) : adam(spec, total);
}
