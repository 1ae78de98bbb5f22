/**
 * Likelihoods: the density that a flow gives to a point, with exact divergence.
 *
 * @module
 */

export { augmented } from "./augmented.ts";
export { exactDivergence } from "./divergence.ts";
export type { FieldWithDivergence } from "./divergence.ts";
