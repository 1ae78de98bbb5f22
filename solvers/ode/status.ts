/** How a solve ended, one code for each sample; a code above 0 is a solve that gave up. */
export const STATUS: {
  readonly done: 0;
  readonly stepLimit: 1;
  readonly stepUnderflow: 2;
  readonly notFinite: 3;
  readonly running: 4;
} = { done: 0, stepLimit: 1, stepUnderflow: 2, notFinite: 3, running: 4 };

/** Where a solve of one sample stopped. */
export interface Stop {
  /** A code of `STATUS`. */
  readonly status: number;
  /** The time reached. */
  readonly t: number;
  /** The size of the step that was tried last. */
  readonly step: number;
  /** Evaluations of the field so far. */
  readonly evaluations: number;
}

/**
 * Says in words how a solve ended, and what to do about it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(
 *   describeStatus({ status: STATUS.stepLimit, t: 0.43, step: 1e-5, evaluations: 6002 }),
 *   "step limit reached at t = 0.43 (step 0.00001, 6002 evaluations): raise maxSteps or loosen rtol and atol",
 * );
 * ```
 */
export function describeStatus({ status, t, step, evaluations }: Stop): string {
  const where = `at t = ${+t.toPrecision(6)} (step ${+step.toPrecision(
    3,
  )}, ${evaluations} evaluations)`;
  switch (status) {
    case STATUS.done:
      return `done ${where}`;
    case STATUS.stepLimit:
      return `step limit reached ${where}: raise maxSteps or loosen rtol and atol`;
    case STATUS.stepUnderflow:
      return `step size fell below the resolution of time ${where}: the field is too steep here; loosen rtol and atol or use fixed steps`;
    case STATUS.notFinite:
      return `the field or the state is not finite ${where}: look for NaN or infinity in the samples, the parameters or the velocity`;
    case STATUS.running:
      return `still running ${where}: advance it further`;
    default:
      throw new RangeError(`A solve's status must be one of 0 to 4, found ${status}`);
  }
}
