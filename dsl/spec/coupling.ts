/** Source and target samples are paired as they are drawn. */
export interface IndependentCouplingSpec {
  /** Says which kind this is. */
  readonly kind: "independent";
}

/** Pairs follow the exact optimal transport plan of a batch, squared Euclidean cost. */
export interface OptimalTransportCouplingSpec {
  /** Says which kind this is. */
  readonly kind: "optimalTransport";
  /** Samples in one plan, a multiple of the training batch; null for the training batch itself. */
  readonly batchSize: number | null;
}

/** Pairs are drawn from the entropic transport plan of a batch, squared Euclidean cost. */
export interface SinkhornCouplingSpec {
  /** Says which kind this is. */
  readonly kind: "sinkhorn";
  /** Weight of the entropy, in units of squared distance. */
  readonly epsilon: number;
  /** Samples in one plan, a multiple of the training batch; null for the training batch itself. */
  readonly batchSize: number | null;
  /** Iterations at most; a plan that has not converged by then is an error, not a silent fallback. */
  readonly maxIterations: number;
  /** Largest accepted error of the marginals, summed over a batch of total mass 1. */
  readonly tolerance: number;
}

/** How source and target samples are paired. */
export type CouplingSpec =
  | IndependentCouplingSpec
  | OptimalTransportCouplingSpec
  | SinkhornCouplingSpec;
