/**
 * Likelihoods: the density that a flow gives to a point, with exact divergence or an estimate of it.
 *
 * @module
 */

export { augmented } from "./augmented.ts";
export { exactDivergence, hutchinsonDivergence, signs } from "./divergence.ts";
export type { Divergence, FieldWithDivergence } from "./divergence.ts";
export { type LogDensity, sourceDensity } from "./source_density.ts";
