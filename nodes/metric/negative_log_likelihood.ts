import type { NegativeLogLikelihoodSpec } from "../../dsl/spec.ts";
import type { LikelihoodMetric } from "./metric.ts";

/** Mean of -log p(x) over points that the model was not trained on, in nats per point. */
export const negativeLogLikelihood: LikelihoodMetric<NegativeLogLikelihoodSpec> = {
  kind: "negativeLogLikelihood",
  name: "negative log-likelihood",
  meaning: "How surprised the model is by a held-out point of the target: the mean of -log p.",
  needs: "logLikelihood",
  lowerIsBetter: true,
  unit: () => "nats",
  terms: (logLikelihood) => logLikelihood.map((logP) => -logP),
};
