/**
 * Optimal transport between samples: exact assignment, exact plans between any weights, entropic plans and the
 * closed form on a line. Plain float64 numerics, pure functions.
 *
 * @module
 */

export { assign, type Assignment } from "./assignment.ts";
export { assignPoints } from "./assign_points.ts";
export {
  costRow,
  type Costs,
  type Ground,
  groundCost,
  matrixCosts,
  pointCosts,
  streamedCosts,
} from "./costs.ts";
export { lineCost } from "./line.ts";
export { transport, type TransportOptions, type TransportPlan } from "./network_simplex.ts";
export { type Points, pointsOf } from "./points.ts";
export { type SelfSinkhorn, selfSinkhorn } from "./self_sinkhorn.ts";
export { type Sinkhorn, sinkhorn, type SinkhornOptions } from "./sinkhorn.ts";
export { wasserstein } from "./wasserstein.ts";
