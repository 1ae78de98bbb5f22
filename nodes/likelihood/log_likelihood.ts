import { concat, type Expression, plus, reshape, sliceAxis, zerosLike } from "../../graph/mod.ts";
import { type Field, solve, type SolveOptions, type SolveResult } from "../../solvers/ode/mod.ts";
import type { LogDensity } from "./density.ts";
import { exactDivergence } from "./divergence.ts";

/** The density of points under a flow, and where in the source they come from. */
export interface Likelihood {
  /** log p(x) in nats, [n]. */
  readonly logDensity: Expression;
  /** The points of the source that the flow carries to x, [n, d]. */
  readonly encoded: Expression;
  /** The cost and the status of the solve, of [x, log-det] together. */
  readonly solve: SolveResult;
}

/** How to find a likelihood. */
export interface LikelihoodOptions {
  /** log density of the source. */
  readonly source: LogDensity;
  /** How to integrate. */
  readonly solver: Pick<SolveOptions, "method" | "step">;
}

/**
 * The field of (x, l) together: dx/dt = v, dl/dt = div v.
 *
 * Shapes: the state is [n, d + 1], l last.
 */
export function augmented(field: Field): Field {
  return (t, state) => {
    const dim = (state.shape[1] as number) - 1;
    const x = sliceAxis(state, { axis: 1, start: 0, end: dim });
    const { velocity, divergence } = exactDivergence(field, t, x);
    return concat([velocity, divergence], 1);
  };
}

/**
 * log p(x) of the flow's samples at t = 1, by the instantaneous change of variables:
 * log p(x) = log p_0(z) - integral over t of div v along the path from z to x.
 *
 * The path is followed from x at t = 1 back to z at t = 0; the log-determinant is held to the same tolerances as x.
 *
 * Shapes: `x` is [n, d]. Units: nats.
 * Source: Chen et al., arXiv:1806.07366; Grathwohl et al., FFJORD, arXiv:1810.01367.
 */
export function logLikelihood(
  field: Field,
  x: Expression,
  { source, solver }: LikelihoodOptions,
): Likelihood {
  const dim = x.shape[1] as number;
  const zero = zerosLike(sliceAxis(x, { axis: 1, start: 0, end: 1 }));
  const result = solve(augmented(field), concat([x, zero], 1), { ...solver, from: 1, to: 0 });
  const encoded = sliceAxis(result.x, { axis: 1, start: 0, end: dim });
  const change = sliceAxis(result.x, { axis: 1, start: dim, end: dim + 1 });
  return {
    logDensity: reshape(plus(source(encoded), change), [x.shape[0]]),
    encoded,
    solve: result,
  };
}
