import {
  clamp,
  constant,
  cos,
  divide,
  type Expression,
  less,
  minimum,
  minus,
  plus,
  select,
  times,
} from "../../graph/mod.ts";
import type { ScheduleSpec } from "../../dsl/spec.ts";

/**
 * The learning rate of an update.
 *
 * Warm-up is linear and reaches the peak at update number `warmup`. The cosine starts from the peak at the
 * next update and reaches the floor at update number `total`.
 *
 * @param spec The schedule.
 * @param at The number of the update, 1 for the first, an f32 scalar, and the number of all updates.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { constant, evaluate } from "../../graph/mod.ts";
 * const spec = { kind: "cosine", peak: 1, floor: 0.2, warmup: 2 } as const;
 * const rates = [1, 2, 6, 10].map((k) => scheduleOf(spec, { step: constant(k), total: 10 }));
 * assert.deepEqual(evaluate(rates, {}).map((r) => r.data[0].toFixed(3)), ["0.500", "1.000", "0.600", "0.200"]);
 * ```
 */
export function scheduleOf(
  spec: ScheduleSpec,
  { step, total }: { step: Expression; total: number },
): Expression {
  switch (spec.kind) {
    case "constant":
      return constant(spec.value);
    case "linearWarmup":
      return times(spec.peak, warmUp(step, spec.warmup));
    case "cosine": {
      const { peak, floor, warmup } = spec;
      const falling = Math.max(total - warmup, 1);
      const progress = clamp(divide(minus(step, warmup), falling), { low: 0, high: 1 });
      const wave = times(0.5, plus(1, cos(times(Math.PI, progress))));
      const fall = plus(floor, times(peak - floor, wave));
      if (warmup === 0) return fall;
      return select(less(step, warmup), times(peak, warmUp(step, warmup)), fall);
    }
    default:
      return spec satisfies never;
  }
}

/** 1 from update number `warmup` on. */
function warmUp(step: Expression, warmup: number): Expression {
  return warmup === 0 ? constant(1) : minimum(1, divide(step, warmup));
}
