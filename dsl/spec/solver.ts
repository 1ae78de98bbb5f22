/** A given number of equal steps. */
export interface FixedStepSpec {
  /** Says which kind this is. */
  readonly kind: "fixed";
  /** Number of steps from source to target. */
  readonly steps: number;
}

/** Steps chosen so that the estimated error of one is below atol + rtol * |x|. */
export interface AdaptiveStepSpec {
  /** Says which kind this is. */
  readonly kind: "adaptive";
  /** Relative tolerance. */
  readonly rtol: number;
  /** Absolute tolerance, in units of x. */
  readonly atol: number;
  /** Steps at most, accepted and rejected together; reaching it is reported, not hidden. */
  readonly maxSteps: number;
  /** Whether every sample has its own steps, or the whole batch shares them. */
  readonly control: "sample" | "batch";
}

/** Methods without an estimate of their error. */
export type FixedSolverKind = "euler" | "midpoint" | "heun" | "ralston" | "rk4";

/** Methods that estimate their error, and so can choose their steps. */
export type AdaptiveSolverKind = "bogackiShampine" | "dopri5" | "tsit5";

/** A method that takes a given number of steps. */
export interface FixedSolverSpec {
  /** Says which kind this is. */
  readonly kind: FixedSolverKind;
  /** How long its steps are. */
  readonly step: FixedStepSpec;
}

/** A method that chooses its steps, or takes a given number of them. */
export interface AdaptiveSolverSpec {
  /** Says which kind this is. */
  readonly kind: AdaptiveSolverKind;
  /** How long its steps are. */
  readonly step: FixedStepSpec | AdaptiveStepSpec;
}

/** What integrates dx/dt = v(t, x) from t = 0 to t = 1. */
export type SolverSpec = FixedSolverSpec | AdaptiveSolverSpec;
