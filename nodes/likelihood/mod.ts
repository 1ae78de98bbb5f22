/**
 * Likelihoods: the density that a flow gives to a point, with exact divergence.
 *
 * @module
 */

export { densityOf } from "./density.ts";
export type { LogDensity } from "./density.ts";
export { exactDivergence } from "./divergence.ts";
export type { FieldWithDivergence } from "./divergence.ts";
export { augmented, logLikelihood } from "./log_likelihood.ts";
export type { Likelihood, LikelihoodOptions } from "./log_likelihood.ts";
