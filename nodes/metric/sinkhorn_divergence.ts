import type { SinkhornDivergenceSpec } from "../../dsl/spec.ts";
import { InputError } from "../../dsl/error.ts";
import { pointCosts, type Points, sinkhorn } from "../../solvers/transport/mod.ts";
import { clouds } from "./clouds.ts";
import type { SampleMetric } from "./metric.ts";

const MAX_ITERATIONS = 10_000;
/** The value errs by the square of this, about: the dual is flat at its maximum. */
const TOLERANCE = 1e-4;

/**
 * OT(x, y) - OT(x, x) / 2 - OT(y, y) / 2 with the entropic cost at epsilon: zero for equal sets, not negative.
 *
 * Source: Feydy et al., "Interpolating between optimal transport and MMD using Sinkhorn divergences",
 * arXiv:1810.08278.
 */
export const sinkhornDivergence: SampleMetric<SinkhornDivergenceSpec> = {
  kind: "sinkhornDivergence",
  name: "Sinkhorn divergence",
  needs: "samples",
  lowerIsBetter: true,
  unit: () => "x^2",
  evaluate: (samples, reference, { epsilon }) => {
    const [x, y] = clouds(sinkhornDivergence.name, samples, reference);
    return entropicCost(x, y, epsilon) -
      (entropicCost(x, x, epsilon) + entropicCost(y, y, epsilon)) / 2;
  },
};

function entropicCost(x: Points, y: Points, epsilon: number): number {
  const plan = sinkhorn(pointCosts(x, y, "squaredEuclidean"), {
    epsilon,
    maxIterations: MAX_ITERATIONS,
    tolerance: TOLERANCE,
  });
  if (!plan.converged) {
    throw new InputError(
      `Cannot measure the Sinkhorn divergence at epsilon ${epsilon} as after ${plan.iterations} iterations ` +
        `the marginal error is ${plan.marginalError}, more than ${TOLERANCE}: raise epsilon`,
      { field: "metrics" },
    );
  }
  return plan.value;
}
