import {
  abs,
  clamp,
  divide,
  type Expression,
  less,
  lessOrEqual,
  maximum,
  mean,
  plus,
  power,
  select,
  sqrt,
  square,
  stopGradient,
  times,
} from "../../graph/mod.ts";

/** What the error of one step may be. */
export interface Tolerance {
  readonly rtol: number;
  /** In units of x. */
  readonly atol: number;
  /** Axes of x over which errors are averaged: [1] for a norm per sample, [0, 1] for one of the whole batch. */
  readonly axes: readonly number[];
}

/** Part of the ideal step that is taken, so that the next step is rarely rejected. */
const SAFETY = 0.9;
/** A step shrinks at most to this part. */
const LEAST_FACTOR = 0.2;
/** A step grows at most by this. */
const GREATEST_FACTOR = 10;
/** Weight of the error before last, in powers of the error estimate's order. */
const PROPORTIONAL = 0.2;
/** Weight of the last error beside it. */
const INTEGRAL = 0.65;
/** An error this small counts as this in the next step's memory. */
const LEAST_MEMORY = 1e-4;
/** Above this an error is not a finite float32. */
const HUGE = 3e38;
/** No scale is below this, just above the smallest float32 of full precision. */
const LEAST_SCALE = 1.2e-38;

/** Root mean square over the tolerance's axes, which stay with size 1. */
export function scaledNorm(x: Expression, scale: Expression, { axes }: Tolerance): Expression {
  return sqrt(mean(square(divide(x, scale)), { axes, keep: true }));
}

/**
 * The scale of errors at x: atol + rtol |x|, and never 0, so that no error in a component that is 0 (a log-determinant
 * where a solve starts, with atol 0) counts as 0 and any other as too large.
 */
export function errorScale(size: Expression, { rtol, atol }: Tolerance): Expression {
  return maximum(LEAST_SCALE, plus(atol, times(rtol, size)));
}

/** The same with components whose scale is yet 0 left out of the norm: they say nothing of the size of a step. */
export function startingScale(size: Expression, tolerance: Tolerance): Expression {
  const scale = errorScale(size, tolerance);
  return select(lessOrEqual(scale, LEAST_SCALE), HUGE, scale);
}

/** Error of a step in units of what is tolerated: accept it if this is at most 1. NaN if anything is. */
export function errorRatio(
  error: Expression,
  { from, to }: { from: Expression; to: Expression },
  tolerance: Tolerance,
): Expression {
  const scale = errorScale(maximum(abs(from), abs(to)), tolerance);
  return stopGradient(scaledNorm(error, scale, tolerance));
}

/** Whether a number is neither infinite nor NaN. */
export function isFinite(x: Expression): Expression {
  return less(abs(x), HUGE);
}

/**
 * The factor from one step to the next, by a proportional-integral rule on the errors of two steps:
 *
 *     clamp(0.9 ratio^(-0.85 / order) previous^(0.2 / order), 0.2, 10)
 *
 * and 0.2 where the error is not finite. The constants are those of DOPRI5 with beta = 0.04.
 * Source: Hairer, Norsett, Wanner, "Solving Ordinary Differential Equations I", section II.4; Hairer, Wanner,
 * "Solving Ordinary Differential Equations II", section IV.2.
 */
export function stepFactor(
  ratio: Expression,
  { previous, order }: { previous: Expression; order: number },
): Expression {
  const ideal = times(
    times(SAFETY, power(ratio, -(PROPORTIONAL + INTEGRAL) / order)),
    power(previous, PROPORTIONAL / order),
  );
  const factor = clamp(ideal, { low: LEAST_FACTOR, high: GREATEST_FACTOR });
  return select(isFinite(ratio), factor, LEAST_FACTOR);
}

/** What the next step remembers of an accepted step's error. */
export function memoryOf(ratio: Expression): Expression {
  return maximum(ratio, LEAST_MEMORY);
}
