/**
 * The language: what a pipeline file is written in.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { coupling, data, hash, metric, parse, pipeline, stringify, training } from "./dsl/mod.ts";
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
export * as coupling from "./coupling.ts";
export * as data from "./data.ts";
export type { Data, DataSource } from "./data/source.ts";
export type { Dimension, DimensionOf } from "./dimension.ts";
export { InputError } from "./error.ts";
export * as interpolant from "./interpolant.ts";
export { schema } from "./json_schema.ts";
export * as metric from "./metric.ts";
export * as objective from "./objective.ts";
export * as optimizer from "./optimizer.ts";
export { type Compatible, pipeline, type PipelineOptions } from "./pipeline.ts";
export { dimensionOf, hasDensity, isTrained } from "./properties.ts";
export * as schedule from "./schedule.ts";
export * as solver from "./solver.ts";
export * as source from "./source.ts";
export type { GaussianSource, Source, UniformSource } from "./source.ts";
export type * from "./spec.ts";
export { training, type TrainingOptions } from "./training.ts";
export * as velocity from "./velocity.ts";
export type { CustomVelocity } from "./velocity.ts";
