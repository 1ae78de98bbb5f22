import { displayed } from "../compiler/display.ts";
import { InputError, type PipelineSpec, type SolverSpec } from "../dsl/mod.ts";
import type { Tensor } from "../graph/mod.ts";
import type { Dataset } from "./data/mod.ts";
import { logDeterminant, standardize, unstandardize } from "./data/mod.ts";
import type { DivergenceKind } from "./divergence.ts";
import { type Export, exportModel, type ExportOptions } from "./export/mod.ts";
import type { Flow } from "./flow.ts";
import type { MetricResult } from "./metrics.ts";
import type { SolveReport } from "./solving/report.ts";

/** A tensor that a solver made, with what it cost. */
export interface Solved extends Tensor {
  /** Evaluations, steps, and the samples that the solver gave up on. */
  readonly solve: SolveReport;
}

/** How to draw samples. */
export interface SampleOptions {
  /** Seed of the draw; by default the pipeline's. Equal seeds give equal samples. */
  readonly seed?: number;
  /** Another solver than the pipeline's. */
  readonly solver?: SolverSpec;
  /** Points to start from, [n, ...event] in units of the source, instead of fresh draws. */
  readonly source?: Tensor;
  /** Whether the report tells the times that every sample visited. */
  readonly visited?: boolean;
}

/** How to follow samples. */
export interface TrajectoryOptions extends SampleOptions {
  /** Increasing times in [0, 1]; by default 0, 0.05, ..., 1. */
  readonly times?: readonly number[];
}

/** How to find log-likelihoods. */
export interface LikelihoodOptions {
  /**
   * The velocity's divergence: `"exact"` by default; `"hutchinson"` estimates it without bias from one random probe for each
   * sample, at a cost that does not grow with the dimension.
   */
  readonly divergence?: DivergenceKind;
  /** Which random probes estimate the divergence, 0 by default; equal numbers give equal results. */
  readonly draw?: number;
  /** Another solver than the pipeline's. */
  readonly solver?: SolverSpec;
}

/**
 * A flow model that is ready to be used. Tensors are row-major float32; the first axis counts samples, the others
 * are the event's, flat or not. Values are in units of the data: standardisation is undone and accounted for.
 */
export interface Model {
  /** The pipeline that made it. */
  readonly spec: PipelineSpec;
  /** Numbers in a sample. */
  readonly dim: number;
  /** Sizes of one sample, such as [2] or [8, 8]. */
  readonly eventShape: readonly number[];
  /** `n` samples, [n, ...event]. */
  sample(n: number, options?: SampleOptions): Promise<Solved>;
  /** Carries data to the source, [n, ...event] -> [n, ...event]: the inverse of sampling. */
  encode(x: Tensor, options?: { readonly solver?: SolverSpec }): Promise<Solved>;
  /** The velocity dx/dt at time t (one, or one per sample), [n, ...event]. */
  velocity(t: number | Tensor, x: Tensor): Promise<Tensor>;
  /** log p(x) in nats, [n]. */
  logLikelihood(x: Tensor, options?: LikelihoodOptions): Promise<Solved>;
  /** States of `n` samples at times, [times, n, ...event]. */
  trajectory(n: number, options?: TrajectoryOptions): Promise<Solved>;
  /**
   * Writes the model as ONNX files that any ONNX runtime serves, the solver inside: `sampler.onnx`, `trajectory.onnx`,
   * `encoder.onnx`, `likelihood.onnx` where the source has a density, and `velocity.onnx`, beside `manifest.json` and
   * `model_card.md`.
   *
   * @throws {InputError} If an option or the folder cannot be used, or a weight is too large for float16.
   */
  export(folder: string, options?: ExportOptions): Promise<Export>;
  /** Frees the backend. */
  close(): Promise<void>;
  /** As {@link Model.close}, for `await using model = ...`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a model is made of. */
export interface ModelParts {
  readonly spec: PipelineSpec;
  readonly flow: Flow;
  readonly source: Dataset;
  readonly target: Pick<Dataset, "eventShape" | "standardization">;
  /** What has been measured of it; exported files tell. */
  readonly metrics: readonly MetricResult[];
  /** Opens the data that the model was fitted to. */
  readonly openTarget: () => Promise<Dataset>;
  close(): Promise<void>;
}

/** Wraps a flow, which lives in standardised units, in the units of the data. */
export function createModel(parts: ModelParts): Model {
  const { spec, flow, source, target, close } = parts;
  const { dim } = flow;
  const { eventShape } = target;
  const rows = (field: string, x: Tensor): Tensor => {
    const [n, ...event] = x.shape;
    const size = event.reduce((a, b) => a * b, 1);
    if (x.shape.length < 2 || size !== dim || n * size !== x.data.length) {
      throw new InputError(
        `${field} must have shape [n, ${
          eventShape.join(", ")
        }] or [n, ${dim}], found [${x.shape}] with ${x.data.length} numbers`,
        { field },
      );
    }
    return { data: x.data, shape: [n, dim] };
  };
  const start = (n: number, options: SampleOptions): Tensor => {
    if (options.source !== undefined) {
      const given = rows("source", options.source);
      if (given.shape[0] !== n) {
        throw new InputError(`source must have n = ${n} rows, found ${given.shape[0]}`, {
          field: "source",
        });
      }
      return standardize(given, source.standardization);
    }
    wholeNumber("n", n, 1);
    if (options.seed !== undefined) wholeNumber("seed", options.seed, 0);
    const at = { seed: options.seed ?? spec.seed, stream: "sample/source", step: 0 };
    return source.parts.test.draw(n, at);
  };
  const event = (x: Tensor, leading: number[], report: SolveReport): Solved =>
    displayed(leading.length === 1 ? "samples" : "trajectory", {
      ...unstandardize(x, target.standardization),
      shape: [...leading, ...eventShape],
      solve: report,
    });
  return {
    spec,
    dim,
    eventShape,
    async sample(n, options = {}) {
      const { x, report } = await flow.push(start(n, options), options);
      return event(x, [n], report);
    },
    async encode(given, options = {}) {
      const x1 = standardize(rows("x", given), target.standardization);
      const { x, report } = await flow.pull(x1, options);
      return displayed("samples", {
        ...unstandardize(x, source.standardization),
        shape: [x.shape[0], ...source.eventShape],
        solve: report,
      });
    },
    async velocity(t, given) {
      const x = standardize(rows("x", given), target.standardization);
      const times = typeof t === "number"
        ? { data: new Float32Array(x.shape[0]).fill(t), shape: [x.shape[0], 1] }
        : { data: t.data, shape: [x.shape[0], 1] };
      const outside = times.data.find((time) => !(time >= 0 && time <= 1));
      if (outside !== undefined) {
        throw new InputError(`t must lie in [0, 1], found ${outside}`, { field: "t" });
      }
      if (times.data.length !== x.shape[0]) {
        throw new InputError(
          `t must be a number or hold one time per sample, found ${times.data.length} for ${
            x.shape[0]
          } samples`,
          { field: "t" },
        );
      }
      const { data } = await flow.velocity(times, x);
      const scale = target.standardization?.scale;
      return {
        data: scale === undefined ? data : data.map((v, i) => v * scale[i % dim]),
        shape: [...given.shape],
      };
    },
    async logLikelihood(given, options = {}) {
      const x1 = standardize(rows("x", given), target.standardization);
      const { values, report } = await flow.logDensity(x1, options);
      const shift = logDeterminant(target.standardization);
      return {
        data: Float32Array.from(values, (value) => value - shift),
        shape: [values.length],
        solve: report,
      };
    },
    async trajectory(n, options = {}) {
      const times = options.times ?? Array.from({ length: 21 }, (_, i) => i / 20);
      const { x, report } = await flow.states(start(n, options), times, options);
      return event(x, [times.length, n], report);
    },
    export: (folder, options) =>
      exportModel(
        { ...parts, modelOf: (other) => createModel({ ...parts, flow: other }) },
        folder,
        options,
      ),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function wholeNumber(field: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new InputError(`${field} must be a whole number from ${least} on, found ${value}`, {
    field,
  });
}
