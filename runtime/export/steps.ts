import { type Expression, input, less, select } from "../../graph/mod.ts";
import { type SolveOptions, SOLVERS } from "../../solvers/ode/mod.ts";
import type { Content, Deployed } from "./deploy_file.ts";

/** The solver of a file: a pipeline's own, but for the number of equal steps, which whoever runs the file may choose. */
export interface DeployedSolver {
  readonly method: SolveOptions["method"];
  readonly step: SolveOptions["step"];
  /** The input `steps`, where there is one. */
  readonly inputs: readonly Expression[];
  readonly values: Content["values"];
  readonly defaults: Content["defaults"];
}

/** The solver of a pipeline for a file. */
export function deployedSolver({ spec: { solver } }: Deployed): DeployedSolver {
  const method = SOLVERS[solver.kind];
  const { step } = solver;
  if (step.kind === "adaptive") return { method, step, inputs: [], values: {}, defaults: {} };
  const steps = input("steps", [], "i32");
  return {
    method,
    step: { kind: "fixed", steps: select(less(steps, 1), 1, steps) },
    inputs: [steps],
    values: {
      steps: {
        text:
          `Number of equal steps of the solver ${method.name}, from 1 on; ${step.steps} if it is left out.`,
      },
    },
    defaults: { steps: { data: [step.steps], shape: [] } },
  };
}

/** What a solve tells of each sample beside its end. */
export const SOLVE_VALUES: Content["values"] = {
  status: {
    text:
      "How the solve of each sample ended: 0 at the end, 1 at the limit of steps, 2 with a step too small for float32, " +
      "3 at a number that is not finite.",
  },
  evaluations: { text: "Evaluations of the velocity for each sample." },
};
