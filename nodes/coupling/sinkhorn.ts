import { InputError } from "../../dsl/error.ts";
import type { SinkhornCouplingSpec } from "../../dsl/spec.ts";
import { uniformAt } from "../../graph/threefry.ts";
import { costRow, pointCosts, pointsOf, sinkhorn as solve } from "../../solvers/transport/mod.ts";
import type { Coupling } from "./coupling.ts";

/** A plan that did not reach its tolerance under the spec's settings; carries how far it came. */
export class CouplingError extends InputError {
  /** Tells it from other errors. */
  override readonly name: string = "CouplingError";
  /** How far the plan came: the error of its marginals after so many iterations. */
  constructor(message: string, readonly marginalError: number, readonly iterations: number) {
    super(message, { field: "coupling" });
  }
}

/**
 * Pairs drawn from the entropic plan of the batch: for each source sample one target sample, from its row of
 * the plan, so a target sample may serve twice or not at all.
 *
 * Units: epsilon is an absolute squared distance. Large against the costs it gives the independent
 * coupling, small the optimal one.
 * Source: Tong et al., arXiv:2302.00482 (Schrödinger bridge conditional flow matching).
 *
 * @throws {CouplingError} If the marginal error stays above the tolerance. No other plan is used instead.
 */
export const sinkhorn: Coupling<SinkhornCouplingSpec> = {
  kind: "sinkhorn",
  pair: (spec, x0, x1, at) => {
    const costs = pointCosts(pointsOf(x0, "x0"), pointsOf(x1, "x1"), "squaredEuclidean");
    const plan = solve(costs, spec);
    if (!plan.converged) {
      throw new CouplingError(
        `Cannot couple the batch by sinkhorn as ${plan.remedy}`,
        plan.marginalError,
        plan.iterations,
      );
    }
    const target = new Int32Array(costs.rows);
    const mass = new Float64Array(costs.columns);
    let cost = 0;
    for (let i = 0; i < costs.rows; i++) {
      const row = costRow(costs, i);
      let total = 0;
      for (let j = 0; j < mass.length; j++) {
        mass[j] = Math.exp((plan.f[i] + plan.g[j] - row[j]) / spec.epsilon);
        total += mass[j];
        cost += mass[j] * row[j];
      }
      target[i] = draw(mass, total * uniformAt(at, i));
    }
    return {
      target,
      cost: cost / (costs.rows * costs.columns),
      marginalError: plan.marginalError,
    };
  },
};

/** The first index at which the running sum exceeds `level`. */
function draw(mass: Float64Array, level: number): number {
  let last = 0;
  for (let j = 0, sum = 0; j < mass.length; j++) {
    if (mass[j] === 0) continue;
    last = j;
    sum += mass[j];
    if (sum > level) return j;
  }
  return last;
}
