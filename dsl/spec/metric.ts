/** How much a metric that compares samples draws. */
export interface Sampling {
  /** Samples in one measurement. */
  readonly samples: number;
  /** Independent measurements; their spread gives the standard error. */
  readonly repeats: number;
}

/** Exact Wasserstein distance between model samples and target samples. */
export interface WassersteinSpec extends Sampling {
  /** Order 1 (Euclidean cost) or order 2 (root of the squared Euclidean cost). */
  readonly kind: "wasserstein1" | "wasserstein2";
}

/** Debiased entropic transport cost, squared Euclidean cost. */
export interface SinkhornDivergenceSpec extends Sampling {
  /** Says which kind this is. */
  readonly kind: "sinkhornDivergence";
  /** Weight of the entropy, in units of squared distance. */
  readonly epsilon: number;
}

/** Root mean square of the order-2 distance along random directions. */
export interface SlicedWassersteinSpec extends Sampling {
  /** Says which kind this is. */
  readonly kind: "slicedWasserstein";
  /** Number of directions. */
  readonly projections: number;
}

/** Maximum mean discrepancy, unbiased estimate of its square. */
export interface MmdSpec extends Sampling {
  /** Says which kind this is. */
  readonly kind: "mmd";
  /** exp(-|d|^2 / (2 h^2)) or exp(-|d| / h). */
  readonly kernel: "gaussian" | "laplacian";
  /** The kernel's h in units of x, or "median" for the median distance between pooled samples. */
  readonly bandwidth: number | "median";
}

/** 2 E|X - Y| - E|X - X'| - E|Y - Y'|. */
export interface EnergyDistanceSpec extends Sampling {
  /** Says which kind this is. */
  readonly kind: "energyDistance";
}

/** Mean of -log p(x) over points of the target that were not trained on, in nats. */
export interface NegativeLogLikelihoodSpec {
  /** Says which kind this is. */
  readonly kind: "negativeLogLikelihood";
  /** Points at most; a smaller test part is used whole. */
  readonly samples: number;
  /** How the divergence of the field is found. */
  readonly divergence: "exact";
}

/** Mean of -log2 p(x) per coordinate, in units of the data's `dequantize` where it is given. */
export interface BitsPerDimensionSpec {
  /** Says which kind this is. */
  readonly kind: "bitsPerDimension";
  /** Points at most; a smaller test part is used whole. */
  readonly samples: number;
  /** How the divergence of the field is found. */
  readonly divergence: "exact";
}

/** E of the time integral of |v|^2 along the flow. */
export interface PathEnergySpec extends Sampling {
  /** Says which kind this is. */
  readonly kind: "pathEnergy";
  /** Whether |energy - W2^2| / W2^2 between source and target is given instead. */
  readonly normalized: boolean;
}

/** E of the time integral of |v - (x_1 - x_0)|^2 along the flow; 0 for straight paths. */
export interface StraightnessSpec extends Sampling {
  /** Says which kind this is. */
  readonly kind: "straightness";
}

/** Distance between the means, or Frobenius distance between the covariances, of model and target. */
export interface MomentErrorSpec extends Sampling {
  /** Says which kind this is. */
  readonly kind: "meanError" | "covarianceError";
}

/** A metric that needs log p(x), and so a source that knows its density. */
export type LikelihoodMetricSpec = NegativeLogLikelihoodSpec | BitsPerDimensionSpec;

/** A number about samples, densities or the field. */
export type MetricSpec =
  | WassersteinSpec
  | SinkhornDivergenceSpec
  | SlicedWassersteinSpec
  | MmdSpec
  | EnergyDistanceSpec
  | LikelihoodMetricSpec
  | PathEnergySpec
  | StraightnessSpec
  | MomentErrorSpec;
