import type {
  LikelihoodMetricSpec,
  MetricSpec,
  PathEnergySpec,
  StraightnessSpec,
} from "../../dsl/spec.ts";
import type { DrawAddress } from "../../graph/threefry.ts";
import type { Tensor } from "../../graph/types.ts";

/** What every metric says about itself. */
export interface Described<S extends MetricSpec> {
  /** The kind of spec it serves. */
  readonly kind: S["kind"];
  /** As tables print it. */
  readonly name: string;
  /** What the number says, in a sentence for someone who does not know the metric. */
  readonly meaning: string;
  /** The unit of the number, such as "x" (the unit of the data), "x^2", "nats" or "1". */
  unit(spec: S): string;
  /** Which way is better. */
  readonly lowerIsBetter: true;
}

/** The specs of metrics that compare model samples with target samples. */
export type SampleMetricSpec = Exclude<
  MetricSpec,
  LikelihoodMetricSpec | PathEnergySpec | StraightnessSpec
>;

/**
 * A distance between two sets of samples; its floor is the same distance between two sets of target samples.
 */
export interface SampleMetric<S extends SampleMetricSpec = SampleMetricSpec> extends Described<S> {
  /** What it is computed from. */
  readonly needs: "samples";
  /**
   * The distance.
   *
   * Shapes: samples [n, ...event], reference [m, ...event].
   *
   * @param at Where random directions and subsamples are drawn.
   */
  evaluate(samples: Tensor, reference: Tensor, spec: S, at: DrawAddress): number;
}

/** A mean over log-densities of points that the model was not trained on. */
export interface LikelihoodMetric<S extends LikelihoodMetricSpec = LikelihoodMetricSpec>
  extends Described<S> {
  /** What it is computed from. */
  readonly needs: "logLikelihood";
  /**
   * One term for each point: the metric is their mean, its standard error their deviation over sqrt(n).
   *
   * @param logLikelihood log p(x) in nats, [n].
   */
  terms(
    logLikelihood: Float64Array,
    spec: S,
    points: { readonly dim: number; readonly dequantize: number | null },
  ): Float64Array;
}

/** The paths of samples under the velocity, at increasing times. */
export interface Trajectory {
  /** From 0 to 1, [times]. */
  readonly times: Float64Array;
  /** States, [times, n, ...event]. */
  readonly x: Tensor;
  /** The velocity at each of these times and states, [times, n, ...event]. */
  readonly velocity: Tensor;
}

/** A number about the paths that samples take. */
export interface TrajectoryMetric<
  S extends PathEnergySpec | StraightnessSpec = PathEnergySpec | StraightnessSpec,
> extends Described<S> {
  /** What it is computed from. */
  readonly needs: "trajectory";
  /**
   * The mean over paths.
   *
   * @param reference Target samples, [m, ...event], for metrics relative to the optimal transport cost.
   */
  evaluate(trajectory: Trajectory, reference: Tensor, spec: S, at: DrawAddress): number;
}

/** A metric, by what it needs. */
export type Metric = SampleMetric | LikelihoodMetric | TrajectoryMetric;
