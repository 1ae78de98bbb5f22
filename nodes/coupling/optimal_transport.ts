import type { OptimalTransportCouplingSpec } from "../../dsl/spec.ts";
import { assignPoints, pointsOf } from "../../solvers/transport/mod.ts";
import type { Coupling } from "./coupling.ts";

/**
 * The exact optimal transport plan of the batch, squared Euclidean cost: a permutation.
 *
 * The plan is optimal to rounding in float64 or an error says why there is none: never another plan.
 * Source: Tong et al., "Improving and generalizing flow-based generative models with minibatch optimal
 * transport", arXiv:2302.00482; Pooladian et al., arXiv:2304.14772.
 */
export const optimalTransport: Coupling<OptimalTransportCouplingSpec> = {
  kind: "optimalTransport",
  pair: (_spec, x0, x1) => {
    const x = pointsOf(x0, "x0");
    const plan = assignPoints(x, pointsOf(x1, "x1"), "squaredEuclidean");
    return { target: plan.columns, cost: plan.cost / Math.max(1, x.count), marginalError: 0 };
  },
};
