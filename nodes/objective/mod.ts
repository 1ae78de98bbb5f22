/**
 * Objectives: what training minimises, and the field that the trained network stands for.
 *
 * @module
 */

export { END_MARGIN, fieldOf } from "./field.ts";
export type { ParametricField } from "./field.ts";
export { lossOf } from "./flow_matching.ts";
export type { Batch } from "./flow_matching.ts";
