import { InputError } from "../../dsl/error.ts";
import type { AdaptiveStepSpec, FixedStepSpec } from "../../dsl/spec.ts";
import {
  all as allHold,
  broadcast,
  cast,
  constant,
  type Dim,
  divide,
  type DType,
  type Expression,
  less,
  not,
  reshape,
  select,
  sliceAxis,
  stack,
  times as product,
  type Value,
} from "../../graph/mod.ts";
import { isFinite } from "./controller.ts";
import { solveEqualSteps, solveFixed } from "./fixed.ts";
import { STATUS } from "./status.ts";
import type { Field } from "./step.ts";
import { stepper } from "./stepper.ts";
import type { Tableau } from "./tableau.ts";

/** How to integrate. */
export interface SolveOptions {
  /** The method. */
  readonly method: Tableau;
  /** Where time starts; 0 by default. */
  readonly from?: number;
  /** Where it ends, before or after `from`; 1 by default. */
  readonly to?: number;
  /**
   * A number of equal steps, or tolerances by which steps are chosen. The number may be an i32 scalar, at least 1, that the
   * program is told when it runs; then there are no output times.
   */
  readonly step: FixedStepSpec | AdaptiveStepSpec | ToldSteps;
  /** Times at which the state is wanted, strictly in the order of the solve, `from` and `to` included or not. */
  readonly times?: readonly number[];
}

/** Equal steps whose number is not known while the program is built. */
export interface ToldSteps {
  /** Says which kind this is. */
  readonly kind: "fixed";
  /** An i32 scalar. */
  readonly steps: Expression;
}

/** A solve's end, its output and its cost. */
export interface SolveResult {
  /** The last state, [n, d]: at `to` where the status is 0, and whatever it is with equal steps. */
  readonly x: Expression;
  /** The states at the wanted times, [times, n, d]; null if none were. A time not reached holds the last state. */
  readonly trajectory: Expression | null;
  /** The time reached, [n]. */
  readonly t: Expression;
  /** The size of the last step, or of the next one if the solve gave up, signed, [n]. */
  readonly h: Expression;
  /** Codes of `STATUS`, i32 [n]. */
  readonly status: Expression;
  /** Evaluations of the field, i32 [n]. */
  readonly evaluations: Expression;
  /** Accepted steps, i32 [n]. */
  readonly accepted: Expression;
  /** Rejected steps, i32 [n]. */
  readonly rejected: Expression;
}

/**
 * Integrates dx/dt = field(t, x) as one expression with the loop inside.
 *
 * Steps are equal and counted in integers, or chosen by an error estimate, for each sample by itself (a
 * sample's path then never depends on its batch) or for the batch as a whole. The last step ends exactly at `to`, and
 * output times keep the method's order. A solve that gives up returns its last state with a status; equal steps go on
 * to the end, and the status says of each sample whether what they led to is finite.
 *
 * Shapes: `x0` is [n, d]. Units: t is dimensionless, 0 at the source and 1 at the target.
 * Source: Hairer, Norsett, Wanner, "Solving Ordinary Differential Equations I", sections II.4 and II.6.
 *
 * @param field Velocity at time t; t is [n, 1], or [1, 1] where all samples share it.
 * @throws {InputError} If the settings contradict each other.
 *
 * @example Decay has a closed form
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluate, input, negate } from "../../graph/mod.ts";
 * import { rk4 } from "./rk4.ts";
 * const { x } = solve((_t, x) => negate(x), input("x", ["n", 1]), {
 *   method: rk4,
 *   step: { kind: "fixed", steps: 20 },
 * });
 * const [end] = evaluate([x], { x: { data: [1, 2], shape: [2, 1] } });
 * assert.ok(Math.abs(end.data[1] - 2 * Math.exp(-1)) < 1e-6);
 * ```
 */
export function solve(field: Field, x0: Expression, options: SolveOptions): SolveResult {
  check(options);
  const { method, from = 0, to = 1, step, times = [] } = options;
  const rows = x0.shape[0];
  if (step.kind === "fixed") {
    const { steps } = step;
    const all = (value: Value, dtype: DType = "i32"): Expression =>
      broadcast(typeof value === "number" ? constant(value, [], dtype) : value, [rows]);
    const told = typeof steps !== "number";
    const { x, trajectory, evaluations } = told
      ? {
        x: solveEqualSteps(field, x0, { method, from, to, steps }),
        trajectory: null,
        evaluations: product(steps, method.evaluations),
      }
      : solveFixed(field, x0, { method, from, to, steps, times });
    return {
      x,
      trajectory,
      t: all(to, "f32"),
      h: all(told ? divide(to - from, cast(steps, "f32")) : (to - from) / steps, "f32"),
      status: select(
        allHold(isFinite(x), { axes: 1 }),
        all(STATUS.done),
        all(STATUS.notFinite),
      ),
      evaluations: all(evaluations),
      accepted: all(steps),
      rejected: all(0),
    };
  }
  const inner = times.filter((time) => time !== from && time !== to);
  const { rtol, atol, maxSteps, control } = step;
  const stepping = stepper(field, {
    method,
    from,
    to,
    rtol,
    atol,
    maxSteps,
    control,
    times: inner,
  });
  const end = stepping.advance(stepping.init(x0));
  const perSample = (e: Expression): Expression => broadcast(reshape(e, [e.shape[0]]), [rows]);
  return {
    x: end.x,
    trajectory: times.length === 0 ? null : stack(
      times.map((time) => {
        if (time === from) return x0;
        if (time === to) return end.x;
        const kept = keptAt(end.kept!, inner.indexOf(time));
        const reached = to > from ? not(less(end.t, time)) : not(less(time, end.t));
        return select(reached, kept, end.x);
      }),
    ),
    t: perSample(end.t),
    h: perSample(end.h),
    status: perSample(end.status),
    evaluations: perSample(stepping.evaluations(end)),
    accepted: perSample(end.accepted),
    rejected: perSample(end.rejected),
  };
}

/** The state kept at one of the times: [n, times, d] to [n, d]. */
function keptAt(kept: Expression, index: number): Expression {
  const [rows, , dim]: readonly Dim[] = kept.shape;
  return reshape(sliceAxis(kept, { axis: 1, start: index, end: index + 1 }), [rows, dim]);
}

function check({ method, from = 0, to = 1, step, times = [] }: SolveOptions): void {
  if (!Number.isFinite(from) || !Number.isFinite(to) || from === to) {
    throw new InputError(`A solve must run between two different times: found ${from} to ${to}`);
  }
  if (step.kind === "fixed") {
    if (typeof step.steps !== "number") {
      if (times.length > 0) {
        throw new InputError("Output times need a number of steps that is known beforehand");
      }
    } else if (!Number.isInteger(step.steps) || step.steps < 1) {
      throw new InputError(`steps must be a whole number from 1 on: found ${step.steps}`, {
        field: "solver.step.steps",
      });
    }
  } else {
    if (method.errorWeights === null) {
      throw new InputError(
        `The solver "${method.name}" has no error estimate, so it cannot choose its steps: give steps instead of rtol and atol, or use dopri5, tsit5 or bogackiShampine`,
        { field: "solver.kind" },
      );
    }
    if (!(step.rtol >= 0) || !(step.atol >= 0) || !(step.rtol + step.atol > 0)) {
      throw new InputError(
        `rtol and atol must not be negative, nor both 0: found ${step.rtol} and ${step.atol}`,
        { field: "solver.step.rtol" },
      );
    }
    if (!Number.isInteger(step.maxSteps) || step.maxSteps < 1) {
      throw new InputError(`maxSteps must be a whole number from 1 on: found ${step.maxSteps}`, {
        field: "solver.step.maxSteps",
      });
    }
  }
  const direction = Math.sign(to - from);
  const outside = times.find((time) =>
    !((time - from) * direction >= 0 && (to - time) * direction >= 0)
  );
  if (outside !== undefined) {
    throw new InputError(`Output times must lie between ${from} and ${to}: found ${outside}`);
  }
  const unordered = times.findIndex((time, i) => i > 0 && !((time - times[i - 1]) * direction > 0));
  if (unordered >= 0) {
    throw new InputError(
      `Output times must run in the order of the solve, from ${from} to ${to}: found ${
        times[unordered - 1]
      } before ${times[unordered]}`,
    );
  }
}
