import type { CouplingSpec } from "./coupling.ts";
import type { DataSpec } from "./data.ts";
import type { InterpolantSpec } from "./interpolant.ts";
import type { MetricSpec } from "./metric.ts";
import type { ObjectiveSpec } from "./objective.ts";
import type { SolverSpec } from "./solver.ts";
import type { SourceSpec } from "./source.ts";
import type { TrainingSpec } from "./training.ts";
import type { VelocitySpec } from "./velocity.ts";

/** A whole pipeline as immutable plain data: what a pipeline file builds and `spec.json` holds. */
export interface PipelineSpec {
  /** Version of this format. */
  readonly version: 1;
  /** Name of the pipeline, and of its folder of runs. */
  readonly name: string;
  /** Seed of every random number that has no seed of its own. */
  readonly seed: number;
  /** The distribution at t = 0. */
  readonly source: SourceSpec;
  /** The distribution at t = 1. */
  readonly target: DataSpec;
  /** How source and target samples are paired. */
  readonly coupling: CouplingSpec;
  /** The path between a pair. */
  readonly interpolant: InterpolantSpec;
  /** The field whose flow carries source to target. */
  readonly velocity: VelocitySpec;
  /** What training minimises; null exactly when the velocity is a closed form. */
  readonly objective: ObjectiveSpec | null;
  /** How the velocity is fitted; null exactly when the velocity is a closed form. */
  readonly training: TrainingSpec | null;
  /** What integrates the velocity. */
  readonly solver: SolverSpec;
  /** What is measured at the end. */
  readonly metrics: readonly MetricSpec[];
}
