/** Solves of a small network, as programs over rows. */
import {
  type Expression,
  input,
  type Program,
  simplifyProgram,
  type Tensor,
} from "../../../../graph/mod.ts";
import { fillNormal } from "../../../../graph/threefry.ts";
import { augmented, exactDivergence } from "../../../../nodes/likelihood/mod.ts";
import { interpolantOf } from "../../../../nodes/interpolant/mod.ts";
import { type Velocity, velocityOf } from "../../../../nodes/velocity/mod.ts";
import { data, source, velocity } from "../../../../dsl/mod.ts";
import { solve, type SolveOptions } from "../../../../solvers/ode/mod.ts";

/** A network in the plane. */
export function network(hidden: readonly number[]): Velocity {
  return velocityOf(velocity.mlp({ hidden: [...hidden] }), {
    dim: 2,
    seed: 0,
    interpolant: interpolantOf({ kind: "linear" }),
    source: source.gaussian({ dim: 2 }),
    target: data.twoMoons(),
  });
}

/** Normal numbers. */
export function drawn(shape: readonly number[], seed: number, scale = 1): Tensor {
  const draws = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fillNormal(draws, { seed, stream: "test", step: 0 });
  return { data: draws.map((draw) => scale * draw), shape: [...shape] };
}

/** The weights of a network, drawn so that its field is of order 1. */
export function weightsOf({ parameters }: Velocity): Record<string, Tensor> {
  return Object.fromEntries(parameters.map(({ name, shape }, i) => {
    const scale = shape.length > 1 ? 1 / Math.sqrt(shape[0] as number) : 0.3;
    return [name, drawn(shape as readonly number[], i + 1, scale)];
  }));
}

/** Rows to start from, [n, width]; those of a log-density begin at 0. */
export function startOf(rows: number, width: 2 | 3): Tensor {
  const { data } = drawn([rows, width], 100);
  return { data: data.map((value, i) => i % width < 2 ? value : 0), shape: [rows, width] };
}

/** What a solve is made with. */
export interface SolveProgramOptions extends SolveOptions {
  /** Whether the log-density rides along, by the exact divergence. */
  readonly likelihood?: boolean;
}

/** A solve as a program: rows `x` in, where they end and what it cost out. */
export function solveProgram(net: Velocity, options: SolveProgramOptions): Program {
  const parameters = net.parameters.map(({ name, shape }) => input(name, shape));
  const field = (t: Expression, x: Expression) => net.apply(parameters, t, x as never);
  const x = input("x", ["n", options.likelihood ? 3 : 2]);
  const followed = options.likelihood ? augmented(field, exactDivergence) : field;
  const { x: end, t, status, evaluations } = solve(followed, x, options);
  return simplifyProgram({
    name: "solve",
    inputs: [x, ...parameters],
    state: [],
    outputs: { end, t, status, evaluations },
  });
}
