import { concat, type Expression, sliceAxis } from "../../graph/mod.ts";
import type { Field } from "../../solvers/ode/mod.ts";
import { type Divergence, exactDivergence } from "./divergence.ts";

/**
 * The field of (x, l) together: dx/dt = v, dl/dt = div v.
 *
 * Followed from (x, 0) at t = 1 back to (z, l) at t = 0 it gives log p(x) = log p_0(z) + l, by the instantaneous change of
 * variables; l, which is minus the integral of div v from 0 to 1, is held to the same tolerances as x.
 *
 * Shapes: the state is [n, d + 1], l last. Units: l is in nats.
 * Source: Chen et al., arXiv:1806.07366; Grathwohl et al., FFJORD, arXiv:1810.01367.
 */
export function augmented(field: Field, divergenceOf: Divergence = exactDivergence): Field {
  const both = (t: Expression, state: Expression): Expression => {
    const dim = (state.shape[1] as number) - 1;
    const x = sliceAxis(state, { axis: 1, start: 0, end: dim });
    const { velocity, divergence } = divergenceOf(field, t, x);
    return concat([velocity, divergence], 1);
  };
  return Object.assign(both, { quadratures: 1 });
}
