import { z } from "npm:zod@4.6.7";
import type {
  AdaptiveSolverKind,
  AdaptiveSolverSpec,
  AdaptiveStepSpec,
  FixedSolverKind,
  FixedSolverSpec,
  FixedStepSpec,
  SolverSpec,
} from "../spec/solver.ts";
import { oneOf, real, whole } from "./fields.ts";
import { kinds, record } from "./record.ts";

/** Steps of a fixed solver that names no number. */
const defaultSteps = 100;

/** Schema of a number of steps. */
export const fixed: z.ZodObject = record<FixedStepSpec>(
  "step.fixed",
  "A given number of equal steps.",
  {
    kind: z.literal("fixed"),
    steps: whole(1).default(defaultSteps).describe("Number of steps from source to target."),
  },
);

/** Schema of tolerances. */
export const adaptive: z.ZodObject = record<AdaptiveStepSpec>(
  "step.adaptive",
  "Steps chosen so that the estimated error of one is below atol + rtol * |x|.",
  {
    kind: z.literal("adaptive"),
    rtol: real({ atLeast: 0 }).default(1e-5).describe("Relative tolerance."),
    atol: real({ atLeast: 0 }).default(1e-5).describe("Absolute tolerance, in units of x."),
    maxSteps: whole(1).default(10_000).describe("Steps at most, accepted and rejected together."),
    control: oneOf(["sample", "batch"]).default("sample")
      .describe("Whether every sample has its own steps, or the whole batch shares them."),
  },
  {
    check: ({ rtol, atol }, report) => {
      if (rtol === 0 && atol === 0) report([], "must have rtol or atol above 0: found 0 for both");
    },
  },
);

const defaultAdaptive = kinds<AdaptiveStepSpec>([adaptive]).parse({ kind: "adaptive" });

/** Schema of a solver without an estimate of its error. */
function fixedSolver<K extends FixedSolverKind>(kind: K): z.ZodObject {
  return record<FixedSolverSpec>(`solver.${kind}`, "A solver that takes a given number of steps.", {
    kind: z.literal(kind),
    step: kinds<FixedStepSpec>([fixed]).default({ kind: "fixed", steps: defaultSteps })
      .describe("Number of steps."),
  });
}

/** Schema of a solver that can choose its steps. */
function adaptiveSolver<K extends AdaptiveSolverKind>(kind: K): z.ZodObject {
  return record<AdaptiveSolverSpec>(`solver.${kind}`, "A solver that can choose its steps.", {
    kind: z.literal(kind),
    step: kinds<FixedStepSpec | AdaptiveStepSpec>([adaptive, fixed]).default(defaultAdaptive)
      .describe("Tolerances, or a number of steps."),
  });
}

/** Schema of any solver. */
export const solverSchema: z.ZodType<SolverSpec> = kinds([
  fixedSolver("euler"),
  fixedSolver("midpoint"),
  fixedSolver("heun"),
  fixedSolver("ralston"),
  fixedSolver("rk4"),
  adaptiveSolver("bogackiShampine"),
  adaptiveSolver("dopri5"),
  adaptiveSolver("tsit5"),
]);
