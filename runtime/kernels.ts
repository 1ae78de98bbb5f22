import type { ExecutionGraph } from "../compiler/execution_graph.ts";
import { trainingProgram } from "../compiler/programs/training.ts";
import { velocityIn } from "../compiler/velocity_in.ts";
import { input } from "../graph/mod.ts";
import { interpolantOf } from "../nodes/interpolant/mod.ts";
import { fieldOf } from "../nodes/objective/mod.ts";
import { listing } from "./backends/webgpu/listing.ts";
import { type FieldInputs, roundsOf, wholeSolve } from "./solving/programs.ts";

/** Training steps that a call has room for. */
const STEPS = 32;

/** Samples of a solve. */
const ROWS = 1_024;

/**
 * The kernels of WGSL that do the work of a pipeline on a GPU: those of a training step, unless the velocity is a closed
 * form, and those of a solve, under the ops that each computes. Each is a module of its own, and no GPU is needed; they are
 * those of a GPU that has no more than every one must have.
 */
export function kernelsOf({ spec, dim }: ExecutionGraph): string {
  const { training, objective, solver } = spec;
  const velocity = velocityIn(spec, dim);
  const interpolant = interpolantOf(spec.interpolant);
  const parameters = velocity.parameters.map(({ name, shape }) => input(name, shape));
  const parametric = objective === null
    ? velocity.apply
    : fieldOf(objective, velocity, interpolant);
  const field: FieldInputs = {
    field: (t, x) => parametric(parameters, t, x),
    parameters,
    companions: [],
  };
  const options = { width: dim, solver, from: 0, to: 1, times: [] };
  const { step } = solver;
  const solve = step.kind === "adaptive" && step.control === "sample"
    ? roundsOf(field, options, step).advance
    : wholeSolve(field, options);
  const solving = listing(solve, { sizes: { n: ROWS } });
  if (training === null || objective === null) return solving;
  const given = { kind: "given" } as const;
  const program = trainingProgram(
    { dim, interpolant, velocity, objective, training },
    { steps: STEPS, parts: 1, x0: given, x1: given, t: given },
  );
  return [listing(program), solving].join("\n");
}
