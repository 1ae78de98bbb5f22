import type { DimensionOf } from "./dimension.ts";
import { read } from "./read.ts";
import type { GaussianSource } from "./source.ts";
import type { CouplingSpec, IndependentCouplingSpec } from "./spec/coupling.ts";
import type {
  CheckerboardSpec,
  DataSpec,
  EightGaussiansSpec,
  GaussianMixtureSpec,
} from "./spec/data.ts";
import type { InterpolantSpec } from "./spec/interpolant.ts";
import type { LikelihoodMetricSpec, MetricSpec } from "./spec/metric.ts";
import type { ObjectiveSpec } from "./spec/objective.ts";
import type { PipelineSpec } from "./spec/pipeline.ts";
import type { SolverSpec } from "./spec/solver.ts";
import type { GaussianSourceSpec, SourceSpec, UniformSourceSpec } from "./spec/source.ts";
import type { TrainingSpec } from "./spec/training.ts";
import type {
  CustomVelocitySpec,
  GaussianMixtureVelocitySpec,
  MlpVelocitySpec,
  OnnxVelocitySpec,
  VelocitySpec,
} from "./spec/velocity.ts";

/** The parts of a pipeline. Everything but the target may be left out. */
export interface PipelineOptions<
  T extends DataSpec = DataSpec,
  S extends SourceSpec = SourceSpec,
  C extends CouplingSpec = CouplingSpec,
  V extends VelocitySpec = VelocitySpec,
  M extends readonly MetricSpec[] = readonly MetricSpec[],
> {
  /** Name of the pipeline, and of its folder of runs. Default "pipeline". */
  readonly name?: string;
  /** Seed of every random number that has no seed of its own. Default 0. */
  readonly seed?: number;
  /** The distribution at t = 1. */
  readonly target: T;
  /** The distribution at t = 0. Default: the standard Gaussian in the target's dimension. */
  readonly source?: S;
  /** How source and target samples are paired. Default independent. */
  readonly coupling?: C;
  /** The path between a pair. Default linear. */
  readonly interpolant?: InterpolantSpec;
  /** The field whose flow carries source to target. Default `velocity.mlp()`. */
  readonly velocity?: V;
  /** What training minimises. Default `objective.flowMatching()`; nothing for a closed form. */
  readonly objective?: ObjectiveSpec | null;
  /** How the velocity is fitted. Default `training()`; nothing for a closed form. */
  readonly training?: TrainingSpec | null;
  /** What integrates the velocity. Default `solver.dopri5()`, tolerances 1e-5. */
  readonly solver?: SolverSpec;
  /** What is measured at the end. Default nothing. */
  readonly metrics?: M;
}

/** Rejects, in words, parts of a pipeline that cannot work together. */
export interface Compatible<
  T extends DataSpec,
  S extends SourceSpec,
  C extends CouplingSpec,
  V extends VelocitySpec,
  M extends readonly MetricSpec[],
> {
  /** The source has the target's dimension. */
  readonly source?:
    & SameDimension<S, T, "source">
    & ([V] extends [GaussianMixtureVelocitySpec] ? Require<
        S,
        GaussianSourceSpec,
        "velocity.gaussianMixture needs a source made by source.gaussian"
      >
      : unknown);
  /** A closed form for independent pairs is not asked to serve others. */
  readonly coupling?: [V] extends [GaussianMixtureVelocitySpec]
    ? Require<C, IndependentCouplingSpec, "velocity.gaussianMixture needs coupling.independent">
    : unknown;
  /** A closed form suits the target. */
  readonly velocity?: [V] extends [GaussianMixtureVelocitySpec] ? Require<
      T,
      GaussianMixtureSpec,
      "velocity.gaussianMixture needs a target made by data.gaussianMixture"
    >
    : [V] extends [CustomVelocitySpec | OnnxVelocitySpec] ? SameDimension<V, T, "velocity">
    : unknown;
  /** A closed form has no objective. */
  readonly objective?: Trainable<V>;
  /** A closed form is not trained. */
  readonly training?: Trainable<V>;
  /** A likelihood has a source with a density. */
  readonly metrics?: [S] extends [SourceWithDensity] ? unknown
    : string extends S["kind"] ? unknown
    : WithoutLikelihood<M>;
}

/** A source that knows its density; eight Gaussians without noise are refused when they are read. */
export type SourceWithDensity =
  | GaussianSourceSpec
  | UniformSourceSpec
  | GaussianMixtureSpec
  | CheckerboardSpec
  | EightGaussiansSpec;

/** Accepts an X that is a Y, and otherwise nothing but the message. */
export type Require<X, Y, Message extends string> = [Extract<X, Y>] extends [never] ? Message
  : unknown;

/** Accepts two parts that may have the same dimension. */
export type SameDimension<X, T, Part extends string> = [DimensionOf<X> & DimensionOf<T>] extends
  [never]
  ? `The target has dimension ${DimensionOf<T>} but the ${Part} has dimension ${DimensionOf<X>}`
  : unknown;

/** Accepts what belongs to training unless V is a closed form. */
export type Trainable<V> = [V] extends
  [CustomVelocitySpec | OnnxVelocitySpec | GaussianMixtureVelocitySpec]
  ? "A closed-form velocity has nothing to train: leave this out" | null
  : unknown;

/** Accepts metrics that need no density of the source. */
export type WithoutLikelihood<M extends readonly MetricSpec[]> = {
  readonly [K in keyof M]: [M[K]] extends [LikelihoodMetricSpec]
    ? "A likelihood needs a source that knows its density, such as source.gaussian"
    : unknown;
};

/**
 * Describes a flow model as immutable plain data. What is left out gets a sensible default; parts
 * that cannot work together do not compile, and are refused when they come from plain JavaScript.
 *
 * @returns The spec: deeply frozen, ready to be stored, hashed and run.
 * @throws {InputError} If something is out of its range; the message lists every problem on a line.
 *
 * @example A target is enough
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, pipeline } from "./mod.ts";
 * const spec = pipeline({ name: "moons", target: data.twoMoons() });
 * assert.deepEqual(spec.source, { kind: "gaussian", dim: 2, mean: 0, scale: 1 });
 * assert.equal(spec.velocity.kind, "mlp");
 * ```
 *
 * @example A variant of a spec
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, pipeline } from "./mod.ts";
 * const spec = pipeline({ target: data.twoMoons() });
 * assert.equal(pipeline({ ...spec, seed: 1 }).seed, 1);
 * ```
 */
export function pipeline<
  T extends DataSpec,
  S extends SourceSpec = GaussianSource,
  C extends CouplingSpec = IndependentCouplingSpec,
  V extends VelocitySpec = MlpVelocitySpec,
  const M extends readonly MetricSpec[] = readonly [],
>(options: PipelineOptions<T, S, C, V, M> & Compatible<T, S, C, V, M>): PipelineSpec {
  return read(options);
}
