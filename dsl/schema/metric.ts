import { z } from "npm:zod@4.6.7";
import type {
  BitsPerDimensionSpec,
  EnergyDistanceSpec,
  MetricSpec,
  MmdSpec,
  MomentErrorSpec,
  NegativeLogLikelihoodSpec,
  PathEnergySpec,
  SinkhornDivergenceSpec,
  SlicedWassersteinSpec,
  StraightnessSpec,
  WassersteinSpec,
} from "../spec/metric.ts";
import { flag, oneOf, real, whole } from "./fields.ts";
import { kinds, record } from "./record.ts";
import { must } from "./words.ts";

const sampling = {
  samples: whole(2).default(1_000).describe("Samples in one measurement."),
  repeats: whole(2).default(5)
    .describe("Independent measurements; their spread gives the standard error."),
};

const likelihood = {
  samples: whole(2).default(1_000).describe("Points at most; a smaller test part is used whole."),
  divergence: oneOf(["exact"]).default("exact").describe("How the divergence is found."),
};

function wasserstein(kind: "wasserstein1" | "wasserstein2"): z.ZodObject {
  return record<WassersteinSpec>(`metric.${kind}`, "Exact Wasserstein distance between samples.", {
    kind: z.literal(kind),
    ...sampling,
  });
}

function momentError(kind: "meanError" | "covarianceError"): z.ZodObject {
  return record<MomentErrorSpec>(
    `metric.${kind}`,
    "Distance between moments of model and target.",
    {
      kind: z.literal(kind),
      ...sampling,
    },
  );
}

/** Schemas of the metrics by kind. */
export const metricRecords: { readonly [K in MetricSpec["kind"]]: z.ZodObject } = {
  wasserstein1: wasserstein("wasserstein1"),
  wasserstein2: wasserstein("wasserstein2"),
  sinkhornDivergence: record<SinkhornDivergenceSpec>(
    "metric.sinkhornDivergence",
    "Debiased entropic transport cost.",
    {
      kind: z.literal("sinkhornDivergence"),
      ...sampling,
      epsilon: real({ above: 0 }).default(0.1)
        .describe("Weight of the entropy, in units of squared distance."),
    },
  ),
  slicedWasserstein: record<SlicedWassersteinSpec>(
    "metric.slicedWasserstein",
    "Root mean square of the order-2 distance along random directions.",
    {
      kind: z.literal("slicedWasserstein"),
      ...sampling,
      projections: whole(1).default(100).describe("Number of directions."),
    },
  ),
  mmd: record<MmdSpec>("metric.mmd", "Maximum mean discrepancy, squared.", {
    kind: z.literal("mmd"),
    ...sampling,
    kernel: oneOf(["gaussian", "laplacian"]).default("gaussian").describe("Kernel."),
    bandwidth: z.union(
      [real({ above: 0 }), z.literal("median")],
      must('a number above 0, or "median"'),
    ).default("median").describe("Width of the kernel in units of x, or the median distance."),
  }),
  energyDistance: record<EnergyDistanceSpec>("metric.energyDistance", "Energy distance.", {
    kind: z.literal("energyDistance"),
    ...sampling,
  }),
  negativeLogLikelihood: record<NegativeLogLikelihoodSpec>(
    "metric.negativeLogLikelihood",
    "Mean of -log p(x) over points that were not trained on, in nats.",
    { kind: z.literal("negativeLogLikelihood"), ...likelihood },
  ),
  bitsPerDimension: record<BitsPerDimensionSpec>(
    "metric.bitsPerDimension",
    "Mean of -log2 p(x) per coordinate.",
    { kind: z.literal("bitsPerDimension"), ...likelihood },
  ),
  pathEnergy: record<PathEnergySpec>(
    "metric.pathEnergy",
    "Time integral of |v|^2 along the flow.",
    {
      kind: z.literal("pathEnergy"),
      ...sampling,
      normalized: flag().default(false)
        .describe("Whether |energy - W2^2| / W2^2 between source and target is given instead."),
    },
  ),
  straightness: record<StraightnessSpec>(
    "metric.straightness",
    "Time integral of |v - (x_1 - x_0)|^2 along the flow.",
    { kind: z.literal("straightness"), ...sampling },
  ),
  meanError: momentError("meanError"),
  covarianceError: momentError("covarianceError"),
};

/** Schema of any metric. */
export const metricSchema: z.ZodType<MetricSpec> = kinds(Object.values(metricRecords));
