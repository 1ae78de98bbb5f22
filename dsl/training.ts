import { build } from "./build.ts";
import { trainingSchema } from "./schema/training.ts";
import type { OptimizerSpec, TrainingSpec } from "./spec/training.ts";

/** Settings of {@link training}. */
export interface TrainingOptions {
  /** Number of updates. Default 2000. */
  readonly steps?: number;
  /** Pairs in an update. Default 256. */
  readonly batchSize?: number;
  /** What turns a gradient into an update. Default Adam with learning rate 1e-3. */
  readonly optimizer?: OptimizerSpec;
  /** Decay of the moving average of parameters that is sampled from; null for none. Default 0.999. */
  readonly ema?: number | null;
  /** Largest norm of the whole gradient, which is scaled down to it. Default null, no limit. */
  readonly clipNorm?: number | null;
}

/**
 * How the velocity is fitted.
 *
 * @throws {InputError} If a setting is out of its range, or the warm-up is not shorter than the
 * training.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { optimizer, training } from "./mod.ts";
 * const long = training({ steps: 20_000, optimizer: optimizer.adam({ learningRate: 3e-4 }) });
 * assert.equal(long.batchSize, 256);
 * ```
 */
export function training(options: TrainingOptions = {}): TrainingSpec {
  return build("training", trainingSchema, options);
}
