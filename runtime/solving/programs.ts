/** Solves as programs over rows, [n, ...]. */
import type { AdaptiveStepSpec, SolverSpec } from "../../dsl/mod.ts";
import {
  type Expression,
  input,
  type Program,
  simplifyProgram,
  transpose,
} from "../../graph/mod.ts";
import { type Field, solve, SOLVERS, stepper, type StepperState } from "../../solvers/ode/mod.ts";

/** A field, and what it takes besides time and state. */
export interface FieldInputs {
  readonly field: Field;
  /** Inputs that hold the parameters. */
  readonly parameters: readonly Expression[];
  /** Inputs that hold a row for each sample. */
  readonly companions: readonly Expression[];
}

/** What is integrated. */
export interface SolvePrograms {
  /** Numbers in a state. */
  readonly width: number;
  readonly solver: SolverSpec;
  readonly from: number;
  readonly to: number;
  /** Times at which the state is wanted. */
  readonly times: readonly number[];
}

/** Names of what a solve reports of each sample. */
export const COUNTS = ["t", "h", "status", "evaluations", "accepted", "rejected"] as const;

/** A whole solve: `x` in; `end`, the counts and the `states` at the times wanted out. */
export function wholeSolve(
  { field, parameters, companions }: FieldInputs,
  { width, solver, from, to, times }: SolvePrograms,
): Program {
  const x0 = input("x", ["n", width]);
  const method = SOLVERS[solver.kind];
  const result = solve(field, x0, { method, from, to, step: solver.step, times });
  return simplifyProgram({
    name: "solve",
    inputs: [x0, ...companions, ...parameters],
    state: [],
    outputs: {
      end: result.x,
      ...Object.fromEntries(COUNTS.map((name) => [name, result[name]])),
      ...(result.trajectory === null ? {} : { states: transpose(result.trajectory, [1, 0, 2]) }),
    },
  });
}

/**
 * A solve in steps of each sample's own, as two programs: one starts, the other tries up to `steps` steps. Both hand out the
 * stepper's state, `.next` after each name, and the evaluations so far. Times are those strictly inside.
 */
export function roundsOf(
  { field, parameters, companions }: FieldInputs,
  { width, solver, from, to, times }: SolvePrograms,
  { rtol, atol, maxSteps }: AdaptiveStepSpec,
): { readonly start: Program; readonly advance: Program } {
  const method = SOLVERS[solver.kind];
  const stepping = stepper(field, {
    ...{ method, from, to, rtol, atol, maxSteps, times },
    control: "sample",
  });
  const x0 = input("x", ["n", width]);
  const start = stepping.init(x0);
  const names = Object.keys(start) as (keyof StepperState)[];
  const outputs = (state: StepperState): Record<string, Expression> => ({
    ...Object.fromEntries(names.map((name) => [`${name}.next`, state[name]!])),
    "evaluations.next": stepping.evaluations(state),
  });
  const state = stepping.inputs({ rows: "n", dim: width });
  const steps = input("steps", [], "i32");
  return {
    start: simplifyProgram({
      name: "start",
      inputs: [x0, ...companions, ...parameters],
      state: [],
      outputs: outputs(start),
    }),
    advance: simplifyProgram({
      name: "advance",
      inputs: [...names.map((name) => state[name]!), ...companions, steps, ...parameters],
      state: [],
      outputs: outputs(stepping.advance(state, steps)),
    }),
  };
}
