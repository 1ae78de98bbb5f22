import type { RunMetric } from "./outcome.ts";

/**
 * Standard errors by which two measurements may differ where bits are not promised: their difference has sqrt(2) of
 * them, and 5 of these are passed by chance once in some 10,000 times (Student's t, 5 degrees of freedom; fewer with
 * more repeats).
 */
const STANDARD_ERRORS = 5 * Math.SQRT2;

/** The part of a value by which it may differ where it was measured once, and so has no standard error. */
const PART = 0.05;

/** The part of a value that rounding alone may move. */
const ROUNDING = 1e-4;

/** How far a metric may move where bits are not promised. */
export function toleranceOf({ value, standardError }: RunMetric): number {
  const size = Math.abs(value);
  if (!Number.isFinite(size)) return 0;
  return standardError === null
    ? PART * size
    : Math.max(STANDARD_ERRORS * standardError, ROUNDING * size);
}
