import { build } from "./build.ts";
import type { Settings } from "./dimension.ts";
import * as schema from "./schema/training.ts";
import type { AdamSpec, AdamwSpec, ScheduleSpec, SgdSpec } from "./spec/training.ts";

/** Settings of an optimizer, with a plain number for a constant learning rate. */
export type OptimizerOptions<T extends { readonly learningRate: ScheduleSpec }> =
  & Omit<Settings<T>, "learningRate">
  & {
    /** A number, or a schedule made by `schedule`. */
    readonly learningRate?: number | ScheduleSpec;
  };

/**
 * Stochastic gradient descent. Defaults: learning rate 1e-2, momentum 0.
 *
 * @throws {InputError} If the learning rate is not above 0 or the momentum is not in [0, 1).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { optimizer } from "./mod.ts";
 * assert.equal(optimizer.sgd({ momentum: 0.9 }).momentum, 0.9);
 * ```
 */
export function sgd(options: OptimizerOptions<SgdSpec> = {}): SgdSpec {
  return build("optimizer.sgd", schema.sgd, { kind: "sgd", ...withSchedule(options) });
}

/**
 * Adam. Defaults: learning rate 1e-3, beta1 0.9, beta2 0.999, epsilon 1e-8.
 *
 * Source: Kingma & Ba, arXiv:1412.6980.
 *
 * @throws {InputError} If the learning rate is not above 0 or a decay is not in [0, 1).
 *
 * @example A learning rate that warms up and decays
 * ```ts
 * import assert from "node:assert/strict";
 * import { optimizer, schedule } from "./mod.ts";
 * const adam = optimizer.adam({ learningRate: schedule.cosine({ peak: 1e-3, warmup: 100 }) });
 * assert.equal(adam.learningRate.kind, "cosine");
 * ```
 */
export function adam(options: OptimizerOptions<AdamSpec> = {}): AdamSpec {
  return build("optimizer.adam", schema.adam, { kind: "adam", ...withSchedule(options) });
}

/**
 * Adam with decoupled weight decay. Defaults: those of `adam`, weight decay 0.01.
 *
 * Source: Loshchilov & Hutter, arXiv:1711.05101.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { optimizer } from "./mod.ts";
 * assert.equal(optimizer.adamw({ learningRate: 3e-4 }).weightDecay, 0.01);
 * ```
 */
export function adamw(options: OptimizerOptions<AdamwSpec> = {}): AdamwSpec {
  return build("optimizer.adamw", schema.adamw, { kind: "adamw", ...withSchedule(options) });
}

/** The options with a constant schedule in place of a number. */
function withSchedule<T extends { readonly learningRate?: number | ScheduleSpec }>(options: T): T {
  const { learningRate } = options;
  if (typeof learningRate !== "number") return options;
  return { ...options, learningRate: { kind: "constant", value: learningRate } };
}
