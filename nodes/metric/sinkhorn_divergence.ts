import type { SinkhornDivergenceSpec } from "../../dsl/spec.ts";
import { InputError } from "../../dsl/error.ts";
import {
  pointCosts,
  type SelfSinkhorn,
  selfSinkhorn,
  type Sinkhorn,
  sinkhorn,
} from "../../solvers/transport/mod.ts";
import { clouds } from "./clouds.ts";
import type { SampleMetric } from "./metric.ts";

const MAX_ITERATIONS = 10_000;
/** The value errs by the square of this, about: the dual is flat at its maximum. */
const TOLERANCE = 1e-4;
/** Of a set with itself, where every update halves the error. */
const SELF_TOLERANCE = 1e-6;

/**
 * OT(x, y) - OT(x, x) / 2 - OT(y, y) / 2 with the entropic cost at epsilon: zero for equal sets, not negative.
 *
 * Source: Feydy et al., "Interpolating between optimal transport and MMD using Sinkhorn divergences",
 * arXiv:1810.08278.
 */
export const sinkhornDivergence: SampleMetric<SinkhornDivergenceSpec> = {
  kind: "sinkhornDivergence",
  name: "Sinkhorn divergence",
  meaning:
    "The entropic cost of moving the samples onto the target, less what either costs onto itself; 0 exactly when both follow the same distribution.",
  needs: "samples",
  lowerIsBetter: true,
  unit: () => "x^2",
  evaluate: (samples, reference, { epsilon }) => {
    const [x, y] = clouds(sinkhornDivergence.name, samples, reference);
    const within = [x, y].map((points) =>
      reached(
        selfSinkhorn(pointCosts(points, points, "squaredEuclidean"), {
          epsilon,
          maxIterations: MAX_ITERATIONS,
          tolerance: SELF_TOLERANCE,
        }),
        epsilon,
      )
    );
    // The potentials of each set with itself solve the problem between equal sets, and are near for sets that are alike.
    const across = reached(
      sinkhorn(pointCosts(x, y, "squaredEuclidean"), {
        epsilon,
        maxIterations: MAX_ITERATIONS,
        tolerance: TOLERANCE,
        start: { f: within[0].f, g: within[1].f },
      }),
      epsilon,
    );
    return across.value - (within[0].value + within[1].value) / 2;
  },
};

/** The plan, if it reached its tolerance. */
function reached<P extends Sinkhorn | SelfSinkhorn>(plan: P, epsilon: number): P {
  if (plan.converged) return plan;
  throw new InputError(
    `Cannot measure the Sinkhorn divergence at epsilon ${epsilon} as after ${plan.iterations} iterations ` +
      `the marginal error is still ${plan.marginalError}: raise epsilon`,
    { field: "metrics" },
  );
}
