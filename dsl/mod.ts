/**
 * The language: what a pipeline file is written in.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { coupling, data, hash, metric, parse, pipeline, stringify, training } from "./mod.ts";
 * const moons = pipeline({
 *   name: "two-moons",
 *   target: data.twoMoons({ noise: 0.05 }),
 *   coupling: coupling.optimalTransport(),
 *   training: training({ steps: 2_000 }),
 *   metrics: [metric.wasserstein2({ samples: 2_000 }), metric.negativeLogLikelihood()],
 * });
 * assert.equal(hash(parse(stringify(moons))), hash(moons));
 * ```
 *
 * @module
 */
export { hash, parse, stringify } from "./canonical.ts";
/** How source and target samples are paired. */
export * as coupling from "./coupling.ts";
/** Where samples come from: toy distributions and data sets. */
export * as data from "./data.ts";
export type { Data, DataSource } from "./data/source.ts";
export type { Dimension, dimension, DimensionOf } from "./dimension.ts";
export { InputError } from "./error.ts";
/** The path between a pair of samples. */
export * as interpolant from "./interpolant.ts";
export { schema } from "./json_schema.ts";
/** What is measured at the end. */
export * as metric from "./metric.ts";
/** What training minimises. */
export * as objective from "./objective.ts";
/** What turns a gradient into an update. */
export * as optimizer from "./optimizer.ts";
export {
  type Compatible,
  pipeline,
  type PipelineOptions,
  type Require,
  type SameDimension,
  type SourceWithDensity,
  type Trainable,
  type WithoutLikelihood,
} from "./pipeline.ts";
export { dimensionOf, hasDensity, isTrained } from "./properties.ts";
/** Learning rates over the steps of training. */
export * as schedule from "./schedule.ts";
/** What integrates the velocity. */
export * as solver from "./solver.ts";
/** Distributions at t = 0. */
export * as source from "./source.ts";
export type { GaussianSource, Source, UniformSource } from "./source.ts";
export type * from "./spec.ts";
export { training, type TrainingOptions } from "./training.ts";
/** The field whose flow carries source to target. */
export * as velocity from "./velocity.ts";
export type { CustomVelocity, OnnxVelocity } from "./velocity.ts";
