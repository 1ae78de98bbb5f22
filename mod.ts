/**
 * Pushforward: a declarative, typed pipeline language for flow-based generative models.
 *
 * @example A pipeline file
 * ```ts
 * import assert from "node:assert/strict";
 * import { coupling, data, metric, pipeline, run, solver, training } from "./mod.ts";
 *
 * const moons = pipeline({
 *   name: "two-moons",
 *   target: data.twoMoons({ noise: 0.05 }),
 *   coupling: coupling.optimalTransport(),
 *   training: training({ steps: 50, batchSize: 64 }),
 *   solver: solver.euler({ steps: 10 }),
 *   metrics: [metric.slicedWasserstein({ samples: 200 })],
 * });
 * const { model, metrics } = await run(moons, { folder: await Deno.makeTempDir() });
 * assert.deepEqual((await model.sample(100, { seed: 1 })).shape, [100, 2]);
 * assert.equal(metrics[0].name, "slicedWasserstein");
 * await model.close();
 * ```
 *
 * @module
 */
import "./cli/notebook.ts";
import "./cli/uncaught.ts";

export { main } from "./cli/pipeline_program.ts";
export { report } from "./cli/report.ts";
export { compile, type CompileOptions, type DataFacts } from "./compiler/compile.ts";
export type {
  ExecutionGraph,
  ExecutionNode,
  OutputPort,
  PortReference,
} from "./compiler/execution_graph.ts";
export type { NodeKind, PortType } from "./compiler/ports.ts";
export * from "./dsl/mod.ts";
// What a user's own velocity or interpolant is written in.
export {
  abs,
  clamp,
  concat,
  constant,
  cos,
  divide,
  erf,
  exp,
  gelu,
  greater,
  less,
  log,
  matmul,
  maximum,
  mean,
  minimum,
  minus,
  negate,
  plus,
  power,
  reciprocal,
  relu,
  reshape,
  select,
  sigmoid,
  silu,
  sin,
  slice,
  sliceAxis,
  softplus,
  sqrt,
  square,
  sum,
  tanh,
  times,
  transpose,
} from "./graph/mod.ts";
export type {
  Attributes,
  AxesAttributes,
  Dim,
  DType,
  Expression,
  LeafAttributes,
  LoopBody,
  NoAttributes,
  Node,
  OpName,
  Padding,
  PerInput,
  ReductionOptions,
  Shape,
  Signature,
  Signatures,
  Tensor,
  Tuple,
  Value,
  WindowAttributes,
} from "./graph/mod.ts";
export type { Network } from "./nodes/velocity/mod.ts";
export type { BackendChoice, BackendName } from "./runtime/backends/mod.ts";
export type {
  Check,
  Export,
  ExportedFile,
  ExportOptions,
  FileText,
  Manifest,
  Precision,
  PrecisionLoss,
  ValueLine,
} from "./runtime/export/mod.ts";
export type { DivergenceKind } from "./runtime/divergence.ts";
export { load } from "./runtime/load.ts";
export type { MetricResult } from "./runtime/metrics.ts";
export type {
  LikelihoodOptions,
  Model,
  SampleOptions,
  Solved,
  TrajectoryOptions,
} from "./runtime/model.ts";
export { CheckFailed, Interrupted } from "./runtime/outcome.ts";
export type { Difference, Differences } from "./runtime/replay/difference.ts";
export {
  type Lock,
  LOCK_SCHEMA,
  type LockedMetric,
  lockOf,
  readLock,
  writeLock,
} from "./runtime/replay/lock.ts";
export type { RunMetric, RunOutcome } from "./runtime/replay/outcome.ts";
export type { RunSettings } from "./runtime/replay/settings.ts";
export { type Verification, verify, type VerifyOptions } from "./runtime/replay/verify.ts";
export type { OnProgress, Progress } from "./runtime/progress.ts";
export { type Origin, type Run, run, type RunOptions, type Timing } from "./runtime/run.ts";
export type { Count, SolveFailure, SolveReport } from "./runtime/solving/report.ts";
