import { build } from "./build.ts";
import { InputError } from "./error.ts";
import { freeze } from "./freeze.ts";
import * as steps from "./schema/solver.ts";
import type {
  AdaptiveSolverKind,
  AdaptiveStepSpec,
  FixedSolverKind,
  FixedStepSpec,
} from "./spec/solver.ts";

/** A solver of kind K that takes a given number of steps. */
export interface FixedSolver<K extends FixedSolverKind = FixedSolverKind> {
  /** Which method. */
  readonly kind: K;
  /** Its number of steps. */
  readonly step: FixedStepSpec;
}

/** A solver of kind K that chooses its steps, or takes a given number of them. */
export interface AdaptiveSolver<K extends AdaptiveSolverKind = AdaptiveSolverKind> {
  /** Which method. */
  readonly kind: K;
  /** Its tolerances, or its number of steps. */
  readonly step: FixedStepSpec | AdaptiveStepSpec;
}

/** What the compiler says to a tolerance on a solver of kind K without an estimate of its error. */
export type NoTolerance<K extends string> =
  `${K} has no estimate of its error, so it takes steps and no tolerance`;

/** What the compiler says to steps beside tolerances. */
export type EitherOr = "Give either a number of steps or tolerances, not both";

/** Settings of a solver of kind K without an estimate of its error. */
export interface FixedSolverOptions<K extends FixedSolverKind = FixedSolverKind> {
  /** Number of equal steps from source to target. Default 100. */
  readonly steps?: number;
  /** Not accepted. */
  readonly rtol?: NoTolerance<K>;
  /** Not accepted. */
  readonly atol?: NoTolerance<K>;
  /** Not accepted. */
  readonly maxSteps?: NoTolerance<K>;
  /** Not accepted. */
  readonly control?: NoTolerance<K>;
}

/** Tolerances of a solver that chooses its steps. */
export interface ToleranceOptions {
  /** Relative tolerance. Default 1e-5. */
  readonly rtol?: number;
  /** Absolute tolerance, in units of x. Default 1e-5. */
  readonly atol?: number;
  /** Steps at most, accepted and rejected together. Default 10000. */
  readonly maxSteps?: number;
  /** Whether every sample has its own steps, or the batch shares them. Default "sample". */
  readonly control?: "sample" | "batch";
  /** Not accepted beside tolerances. */
  readonly steps?: EitherOr;
}

/** A number of steps for a solver that could choose them. */
export interface StepsOptions {
  /** Number of equal steps from source to target. */
  readonly steps: number;
  /** Not accepted beside a number of steps. */
  readonly rtol?: EitherOr;
  /** Not accepted beside a number of steps. */
  readonly atol?: EitherOr;
  /** Not accepted beside a number of steps. */
  readonly maxSteps?: EitherOr;
  /** Not accepted beside a number of steps. */
  readonly control?: EitherOr;
}

/** Settings of a solver that can choose its steps. */
export type AdaptiveSolverOptions = ToleranceOptions | StepsOptions;

/**
 * Euler's method, order 1.
 *
 * @throws {InputError} If `steps` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { solver } from "./mod.ts";
 * const euler = solver.euler({ steps: 50 });
 * assert.deepEqual(euler, { kind: "euler", step: { kind: "fixed", steps: 50 } });
 * ```
 */
export function euler(options: FixedSolverOptions<"euler"> = {}): FixedSolver<"euler"> {
  return fixed("euler", options);
}

/**
 * The midpoint method, order 2.
 *
 * @throws {InputError} If `steps` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { solver } from "./mod.ts";
 * assert.equal(solver.midpoint().step.steps, 100);
 * ```
 */
export function midpoint(options: FixedSolverOptions<"midpoint"> = {}): FixedSolver<"midpoint"> {
  return fixed("midpoint", options);
}

/**
 * Heun's method, the explicit trapezoidal rule, order 2.
 *
 * @throws {InputError} If `steps` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { solver } from "./mod.ts";
 * assert.equal(solver.heun({ steps: 20 }).step.steps, 20);
 * ```
 */
export function heun(options: FixedSolverOptions<"heun"> = {}): FixedSolver<"heun"> {
  return fixed("heun", options);
}

/**
 * Ralston's method, order 2 with the smallest bound of the local error.
 *
 * @throws {InputError} If `steps` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { solver } from "./mod.ts";
 * assert.equal(solver.ralston({ steps: 20 }).step.steps, 20);
 * ```
 */
export function ralston(options: FixedSolverOptions<"ralston"> = {}): FixedSolver<"ralston"> {
  return fixed("ralston", options);
}

/**
 * The classical Runge–Kutta method, order 4.
 *
 * @throws {InputError} If `steps` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { solver } from "./mod.ts";
 * assert.equal(solver.rk4({ steps: 20 }).step.steps, 20);
 * ```
 */
export function rk4(options: FixedSolverOptions<"rk4"> = {}): FixedSolver<"rk4"> {
  return fixed("rk4", options);
}

/**
 * Bogacki–Shampine 3(2): chooses its steps by tolerances, or takes a number of them.
 *
 * Source: Bogacki & Shampine, Appl. Math. Lett. 2(4):321–325, 1989.
 *
 * @throws {InputError} If steps and tolerances are both given, or both tolerances are 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { solver } from "./mod.ts";
 * assert.equal(solver.bogackiShampine({ rtol: 1e-3 }).step.kind, "adaptive");
 * ```
 */
export function bogackiShampine(
  options: AdaptiveSolverOptions = {},
): AdaptiveSolver<"bogackiShampine"> {
  return adaptive("bogackiShampine", options);
}

/**
 * Dormand–Prince 5(4): chooses its steps by tolerances, or takes a number of them.
 *
 * Source: Dormand & Prince, J. Comput. Appl. Math. 6(1):19–26, 1980.
 *
 * @throws {InputError} If steps and tolerances are both given, or both tolerances are 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { solver } from "./mod.ts";
 * assert.deepEqual(solver.dopri5({ steps: 10 }).step, { kind: "fixed", steps: 10 });
 * assert.deepEqual(solver.dopri5().step, {
 *   kind: "adaptive",
 *   rtol: 1e-5,
 *   atol: 1e-5,
 *   maxSteps: 10_000,
 *   control: "sample",
 * });
 * ```
 */
export function dopri5(options: AdaptiveSolverOptions = {}): AdaptiveSolver<"dopri5"> {
  return adaptive("dopri5", options);
}

/**
 * Tsitouras 5(4): chooses its steps by tolerances, or takes a number of them.
 *
 * Source: Tsitouras, Comput. Math. Appl. 62(2):770–775, 2011.
 *
 * @throws {InputError} If steps and tolerances are both given, or both tolerances are 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { solver } from "./mod.ts";
 * assert.equal(solver.tsit5({ atol: 1e-6, rtol: 1e-6 }).kind, "tsit5");
 * ```
 */
export function tsit5(options: AdaptiveSolverOptions = {}): AdaptiveSolver<"tsit5"> {
  return adaptive("tsit5", options);
}

function fixed<K extends FixedSolverKind>(kind: K, options: FixedSolverOptions<K>): FixedSolver<K> {
  return freeze({
    kind,
    step: build(`solver.${kind}`, steps.fixed, { kind: "fixed", ...options }),
  });
}

function adaptive<K extends AdaptiveSolverKind>(
  kind: K,
  options: AdaptiveSolverOptions,
): AdaptiveSolver<K> {
  const builder = `solver.${kind}`;
  const { steps: count, ...tolerances } = options;
  const given = Object.keys(tolerances).filter((name) => options[name as never] !== undefined);
  if (count !== undefined && given.length > 0) {
    const found = `found steps and ${given.join(" and ")}`;
    throw new InputError(`${builder}: give either a number of steps or tolerances: ${found}`, {
      field: "steps",
    });
  }
  const step = count === undefined
    ? build<AdaptiveStepSpec>(builder, steps.adaptive, { kind: "adaptive", ...tolerances })
    : build<FixedStepSpec>(builder, steps.fixed, { kind: "fixed", steps: count });
  return freeze({ kind, step });
}
