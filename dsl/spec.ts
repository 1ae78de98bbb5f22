/** The plain data of a pipeline, type by type. */
export type * from "./spec/coupling.ts";
export type * from "./spec/data.ts";
export type * from "./spec/graph.ts";
export type * from "./spec/interpolant.ts";
export type * from "./spec/metric.ts";
export type * from "./spec/objective.ts";
export type * from "./spec/pipeline.ts";
export type * from "./spec/solver.ts";
export type * from "./spec/source.ts";
export type * from "./spec/training.ts";
export type * from "./spec/velocity.ts";
