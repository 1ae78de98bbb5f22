/**
 * Training and sampling without files, workers or permissions: what a page can do.
 *
 * The numbers are those of `run()` on the same backend: the same batches, the same program.
 */
import { packingOf } from "../compiler/programs/packing.ts";
import { averageName } from "../compiler/programs/training.ts";
import { velocityIn } from "../compiler/velocity_in.ts";
import { type DataSpec, InputError, type PipelineSpec, type SourceSpec } from "../dsl/mod.ts";
import type { Tensor } from "../graph/mod.ts";
import { interpolantOf } from "../nodes/interpolant/mod.ts";
import type { Velocity } from "../nodes/velocity/mod.ts";
import type { Backend, RunTensor } from "./backends/backend.ts";
import type { Dataset } from "./data/dataset.ts";
import { type DistributionSpec, isToy } from "./data/distributions/mod.ts";
import { revive } from "./data/revive.ts";
import { openFlow } from "./flow.ts";
import { CheckFailed, Interrupted } from "./outcome.ts";
import type { NamedTensors } from "./safetensors.ts";
import { openBatches } from "./training/batches.ts";
import { callsOf } from "./training/calls.ts";
import { initialState } from "./training/initial_state.ts";

/** A flow that lives in memory. */
export interface InMemoryModel {
  /** Numbers in a sample. */
  readonly dim: number;
  /** Loss of every training step; empty for a velocity that needs none. */
  readonly loss: Float32Array;
  /** Draws `n` samples, [n, dim]: a pure function of the seed. */
  sample(n: number, options?: { readonly seed?: number }): Promise<Tensor>;
  /** Log-density of points [n, dim], in nats, where the source has one. */
  logLikelihood(x: Tensor): Promise<Float64Array>;
  /** Frees what the model holds; the backend stays open. */
  close(): Promise<void>;
}

/** How training shows itself and is stopped. */
export interface InMemoryOptions {
  /** Called after every few steps. */
  readonly onProgress?: (progress: { readonly step: number; readonly loss: number }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Trains a pipeline whose source and target are distributions.
 *
 * @throws {InputError} If the pipeline needs files.
 * @throws {CheckFailed} If the loss is not finite.
 * @throws {Interrupted} If `signal` fires.
 */
export async function trainInMemory(
  spec: PipelineSpec,
  backend: Backend,
  options: InMemoryOptions = {},
): Promise<InMemoryModel> {
  const target = distribution("target", spec.target);
  const given = spec.source;
  const source = distribution(
    "source",
    given.kind === "gaussian" || given.kind === "uniform"
      ? { ...given, dim: given.dim ?? target.dim }
      : given,
  );
  const { dim } = target;
  if (spec.velocity.kind === "onnx") {
    throw new InputError("velocity: a network in a file cannot be read in memory", {
      field: "velocity",
    });
  }
  const velocity = velocityIn(spec, dim);
  const { parameters, loss } = await trained(spec, velocity, {
    source,
    target,
    backend,
    ...options,
  });
  const flow = openFlow({
    ...{ spec, dim, velocity, parameters, backend },
    density: source.density,
    signal: options.signal,
  });
  return {
    dim,
    loss,
    async sample(n, { seed = 0 } = {}) {
      const at = { seed, stream: "sample/source", step: 0 };
      return (await flow.push(source.parts.test.draw(n, at))).x;
    },
    logLikelihood: async (x) => (await flow.logDensity(x)).values,
    close: () => flow.close(),
  };
}

/** What draws samples of a part of the pipeline. */
function distribution(field: "source" | "target", spec: SourceSpec | DataSpec): Dataset {
  if (spec.kind === "gaussian" || spec.kind === "uniform" || isToy(spec as DataSpec)) {
    return revive({ kind: "distribution", spec: spec as DistributionSpec });
  }
  throw new InputError(
    `${field}: only distributions can be drawn from in memory: found ${spec.kind}, which is read from files`,
    { field },
  );
}

async function trained(
  spec: PipelineSpec,
  velocity: Velocity,
  { source, target, backend, onProgress, signal }: InMemoryOptions & {
    readonly source: Dataset;
    readonly target: Dataset;
    readonly backend: Backend;
  },
): Promise<{ readonly parameters: NamedTensors; readonly loss: Float32Array }> {
  const { training, objective, seed, coupling } = spec;
  if (training === null || objective === null) {
    return { parameters: new Map(), loss: new Float32Array(0) };
  }
  const { dim } = target;
  const interpolant = interpolantOf(spec.interpolant);
  const parts = { dim, interpolant, velocity, objective, training };
  const calls = callsOf(parts, {
    ...{ seed, dim, coupling, batchSize: training.batchSize },
    source: source.serialize(),
    target: target.serialize(),
  }, backend);
  const draw = openBatches(calls.recipe);
  const executable = await backend.load(calls.program, { fixed: calls.fixed });
  const loss = new Float32Array(training.steps);
  const open: { readonly end: number; readonly outputs: Promise<Record<string, RunTensor>> }[] = [];
  /** Waits for the oldest call that is under way. */
  const settle = async (): Promise<void> => {
    const { end, outputs } = open.shift()!;
    const { data } = (await outputs).loss;
    loss.set(data, end - data.length);
    const last = loss[end - 1];
    if (!Number.isFinite(last)) {
      throw new CheckFailed(
        `The loss is ${last} by step ${end} of ${training.steps}: training stopped. ` +
          `Lower training.optimizer.learningRate, or set training.clipNorm`,
      );
    }
    onProgress?.({ step: end, loss: last });
  };
  try {
    await executable.writeState(initialState(calls.program, parts, seed));
    for (let first = 0; first < training.steps; first += calls.steps) {
      if (signal?.aborted) {
        throw new Interrupted(`Stopped after step ${first} of ${training.steps}`);
      }
      const count = Math.min(calls.steps, training.steps - first);
      const outputs = executable.run(calls.inputs({ first, count }, draw(first, count)));
      outputs.catch(() => {}); // a failure is reported by settle()
      open.push({ end: first + count, outputs });
      while (open.length > calls.ahead) await settle();
    }
    while (open.length > 0) await settle();
    const state = await executable.readState();
    const { tensors, unpackValues } = packingOf(velocity.parameters);
    const name = training.ema === null ? (tensor: string) => tensor : averageName;
    const parameters = unpackValues(
      new Map(tensors.map((tensor) => [tensor.name, state.get(name(tensor.name))!])),
    );
    return { parameters, loss };
  } finally {
    await executable.close();
  }
}
