import type { ExecutionGraph } from "../compiler/execution_graph.ts";
import { trainingProgram } from "../compiler/programs/training.ts";
import { velocityIn } from "../compiler/velocity_in.ts";
import { input, type Program } from "../graph/mod.ts";
import { interpolantOf } from "../nodes/interpolant/mod.ts";
import { listing } from "./backends/webgpu/listing.ts";

/** Training steps that a call has room for. */
const STEPS = 32;

/** Rows of one evaluation of a closed form. */
const ROWS = 1_024;

/**
 * The kernels of WGSL that do the work of a pipeline on a GPU: those of a training step, or of one evaluation where the
 * velocity is a closed form, under the ops that each computes. Each is a module of its own, and no GPU is needed.
 */
export function kernelsOf({ spec, dim }: ExecutionGraph): string {
  const { training, objective } = spec;
  const velocity = velocityIn(spec, dim);
  if (training !== null && objective !== null) {
    const interpolant = interpolantOf(spec.interpolant);
    const parts = { dim, interpolant, velocity, objective, training };
    const given = { kind: "given" } as const;
    const origins = { steps: STEPS, parts: 1, x0: given, x1: given, t: given };
    return listing(trainingProgram(parts, origins));
  }
  const t = input("t", [ROWS, 1]);
  const x = input("x", [ROWS, dim]);
  const parameters = velocity.parameters.map(({ name, shape }) => input(name, shape));
  const program: Program = {
    name: "velocity",
    inputs: [t, x, ...parameters],
    state: [],
    outputs: { velocity: velocity.apply(parameters, t, x) },
  };
  return listing(program);
}
