import { describeStatus, STATUS } from "../../solvers/ode/mod.ts";

/** A sample that the solver gave up on; its last state is kept in the result. */
export interface SolveFailure {
  /** Row of the sample. */
  readonly sample: number;
  /** The time reached. */
  readonly t: number;
  /** The size of the step that would have come next. */
  readonly step: number;
  /** Evaluations of the velocity until then. */
  readonly evaluations: number;
  /** What happened and what to do about it. */
  readonly reason: string;
}

/** A count over samples. */
export interface Count {
  /** Mean over samples. */
  readonly mean: number;
  /** Largest over samples. */
  readonly max: number;
}

/** What a solve cost and how it ended. */
export interface SolveReport {
  /** Number of samples. */
  readonly samples: number;
  /** Evaluations of the velocity, by sample. */
  readonly evaluations: Count;
  /** Accepted steps, by sample. */
  readonly accepted: Count;
  /** Rejected steps, by sample. */
  readonly rejected: Count;
  /** The samples that did not reach the end; empty when all went well. */
  readonly failures: readonly SolveFailure[];
  /** The times at which each sample's steps ended, the start first; null unless asked for. */
  readonly visited: readonly Float32Array[] | null;
}

/** The raw outcome of a solve, by sample. */
export interface SolveCounts {
  readonly t: ArrayLike<number>;
  readonly h: ArrayLike<number>;
  readonly status: ArrayLike<number>;
  readonly evaluations: ArrayLike<number>;
  readonly accepted: ArrayLike<number>;
  readonly rejected: ArrayLike<number>;
}

/** A line about the samples that the solver gave up on; null where there are none. */
export function warningOf({ failures, samples }: SolveReport): string | null {
  if (failures.length === 0) return null;
  const [{ sample, reason }] = failures;
  return `the solver gave up on ${failures.length} of ${samples} samples; the first, sample ${sample}: ${reason}`;
}

/** Sums up a solve. */
export function reportOf(
  counts: SolveCounts,
  visited: readonly Float32Array[] | null,
): SolveReport {
  const { status } = counts;
  const failures: SolveFailure[] = [];
  for (let sample = 0; sample < status.length; sample++) {
    if (status[sample] === STATUS.done) continue;
    const stop = {
      status: status[sample],
      t: counts.t[sample],
      step: counts.h[sample],
      evaluations: counts.evaluations[sample],
    };
    const { t, step, evaluations } = stop;
    failures.push({ sample, t, step, evaluations, reason: describeStatus(stop) });
  }
  return {
    samples: status.length,
    evaluations: countOf(counts.evaluations),
    accepted: countOf(counts.accepted),
    rejected: countOf(counts.rejected),
    failures,
    visited,
  };
}

function countOf(values: ArrayLike<number>): Count {
  let sum = 0;
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    max = Math.max(max, values[i]);
  }
  return { mean: sum / values.length, max };
}
