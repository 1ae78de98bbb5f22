import type { BitsPerDimensionSpec } from "../../dsl/spec.ts";
import type { LikelihoodMetric } from "./metric.ts";

/**
 * Mean of -log2 P(x) / d, where P is the probability of a cell: the density times the volume of a cell whose side is the
 * spacing of the data's levels, 1 where the data have none.
 *
 * With noise of one spacing added to every draw, it is an upper bound on the bits per dimension of the quantised data.
 * Source: Theis, van den Oord, Bethge, A note on the evaluation of generative models, arXiv:1511.01844.
 */
export const bitsPerDimension: LikelihoodMetric<BitsPerDimensionSpec> = {
  kind: "bitsPerDimension",
  name: "bits per dimension",
  meaning: "Bits that a code built on the model spends on one coordinate of a held-out point.",
  needs: "logLikelihood",
  lowerIsBetter: true,
  unit: () => "bits",
  terms: (logLikelihood, _spec, { dim, dequantize }) => {
    const logSide = Math.log(dequantize ?? 1);
    return logLikelihood.map((logP) => -(logP / dim + logSide) / Math.LN2);
  },
};
