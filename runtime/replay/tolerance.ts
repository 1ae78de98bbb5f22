import type { RunMetric } from "./outcome.ts";

/** The part of a value by which it may differ where it was measured once, and so has no standard error. */
const PART = 0.01;

/** The part of a value that rounding alone may move. */
const ROUNDING = 1e-4;

/**
 * How far a metric may move where bits are not promised: one standard error, below which nobody could tell the change from
 * that of other draws.
 *
 * Replays make the same draws everywhere, so all that moves them is how trainings amplify rounding: `cpu` and `wasm`
 * differed by less than a thousandth of a standard error in every metric of the two-moons and weather examples.
 */
export function toleranceOf({ value, standardError }: RunMetric): number {
  const size = Math.abs(value);
  if (!Number.isFinite(size)) return 0;
  return standardError === null ? PART * size : Math.max(standardError, ROUNDING * size);
}
