import { build } from "./build.ts";
import * as schema from "./schema/schedule.ts";
import type {
  ConstantScheduleSpec,
  CosineScheduleSpec,
  LinearWarmupScheduleSpec,
} from "./spec/training.ts";

/** Settings of {@link cosine}. */
export interface CosineOptions {
  /** Largest value. */
  readonly peak: number;
  /** Value at the last step. Default 0. */
  readonly floor?: number;
  /** Steps of linear warm-up from 0. Default 0. */
  readonly warmup?: number;
}

/** Settings of {@link linearWarmup}. */
export interface LinearWarmupOptions {
  /** Largest value. */
  readonly peak: number;
  /** Steps of linear warm-up from 0. */
  readonly warmup: number;
}

/**
 * The same learning rate at every step; a plain number where a schedule is asked for means this.
 *
 * @throws {InputError} If the value is not above 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { schedule } from "./mod.ts";
 * assert.deepEqual(schedule.constant(1e-3), { kind: "constant", value: 1e-3 });
 * ```
 */
export function constant(value: number): ConstantScheduleSpec {
  return build("schedule.constant", schema.constant, { kind: "constant", value });
}

/**
 * Linear warm-up to the peak, then half a cosine that reaches the floor at the last step.
 *
 * Source: Loshchilov & Hutter, arXiv:1608.03983.
 *
 * @throws {InputError} If the peak is not above 0 or the floor is above the peak.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { schedule } from "./mod.ts";
 * const rate = schedule.cosine({ peak: 1e-3, warmup: 100 });
 * assert.equal(rate.floor, 0);
 * ```
 */
export function cosine(options: CosineOptions): CosineScheduleSpec {
  return build("schedule.cosine", schema.cosine, { kind: "cosine", ...options });
}

/**
 * Linear warm-up to the peak, then constant.
 *
 * @throws {InputError} If the peak is not above 0 or the warm-up has no step.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { schedule } from "./mod.ts";
 * assert.equal(schedule.linearWarmup({ peak: 1e-3, warmup: 100 }).warmup, 100);
 * ```
 */
export function linearWarmup(options: LinearWarmupOptions): LinearWarmupScheduleSpec {
  return build("schedule.linearWarmup", schema.linearWarmup, { kind: "linearWarmup", ...options });
}
