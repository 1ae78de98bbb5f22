import {
  abs,
  and,
  divide,
  type Expression,
  less,
  maximum,
  minimum,
  minus,
  plus,
  power,
  select,
  stopGradient,
  times,
} from "../../graph/mod.ts";
import { isFinite, scaledNorm, startingScale, type Tolerance } from "./controller.ts";
import type { Field } from "./step.ts";

/** Where a solve starts. */
export interface Start {
  readonly t: Expression;
  readonly x: Expression;
  /** field(t, x). */
  readonly slope: Expression;
  /** +1 forward in time, -1 backward. */
  readonly direction: 1 | -1;
  /** No step is longer. */
  readonly span: number;
}

/** The first step where there is nothing to choose it by, and no first step is shorter unless the span is. */
const LEAST_FIRST_STEP = 1e-6;

/**
 * The size of the first step, positive, from one more evaluation of the field. It is finite wherever x and the slope are:
 * components without a scale (x = 0 with atol 0) have no say, and where the other evaluation is not finite, the step to
 * its place is the first to be tried, and shrinks.
 *
 * Source: Hairer, Norsett, Wanner, "Solving Ordinary Differential Equations I", section II.4, "Starting step size".
 */
export function initialStep(
  field: Field,
  { t, x, slope, direction, span }: Start,
  { order, tolerance }: { order: number; tolerance: Tolerance },
): Expression {
  const scale = startingScale(abs(x), tolerance);
  const norm = (e: Expression): Expression => scaledNorm(e, scale, tolerance);
  const [d0, d1] = [norm(x), norm(slope)];
  const guess = divide(times(0.01, d0), d1);
  const tiny = less(minimum(d0, d1), 1e-5);
  const h0 = minimum(
    span,
    select(tiny, LEAST_FIRST_STEP, maximum(LEAST_FIRST_STEP, guess)),
  );
  const signed = times(direction, h0);
  const nextSlope = field(plus(t, signed), plus(x, times(signed, slope)));
  const d2 = divide(norm(minus(nextSlope, slope)), h0);
  const steepest = maximum(d1, d2);
  const flat = and(less(d1, 1e-15), less(d2, 1e-15));
  const h1 = select(
    flat,
    maximum(LEAST_FIRST_STEP, times(1e-3, h0)),
    maximum(LEAST_FIRST_STEP, power(divide(0.01, steepest), 1 / order)),
  );
  const known = isFinite(norm(nextSlope));
  return stopGradient(minimum(span, select(known, minimum(times(100, h0), h1), h0)));
}
