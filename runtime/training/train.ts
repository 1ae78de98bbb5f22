import {
  averageName,
  type TrainingParts,
  trainingProgram,
} from "../../compiler/programs/training.ts";
import { packingOf } from "../../compiler/programs/packing.ts";
import { InputError } from "../../dsl/mod.ts";
import type { Program } from "../../graph/mod.ts";
import type { Backend } from "../backends/mod.ts";
import { CheckFailed, Interrupted } from "../outcome.ts";
import type { OnProgress } from "../progress.ts";
import type { NamedTensors } from "../safetensors.ts";
import { missingForWorkers } from "../worker_module.ts";
import { openBatchPool } from "./batch_pool.ts";
import { BATCH_WORKER } from "./batch_worker.ts";
import { type BatchRecipe, streamsAt } from "./batches.ts";
import { checkpointIn, type CheckpointOf, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { initialState } from "./initial_state.ts";

/** What a training ended with. */
export interface Trained {
  /** The parameters to sample with: the moving average where there is one. */
  readonly parameters: NamedTensors;
  /** Loss of every step. */
  readonly loss: Float32Array;
  /** Seconds that were spent on it before it was interrupted; 0 if it never was. */
  readonly before: number;
}

/** What a training is given. */
export interface TrainOptions {
  readonly parts: TrainingParts;
  readonly recipe: BatchRecipe;
  readonly backend: Backend;
  /** Content hash of the training node: a checkpoint of another one is not taken up. */
  readonly hash: string;
  /** Folder of the checkpoint while the training runs; no other process may use it meanwhile. */
  readonly folder: string;
  /** Seconds between checkpoints. With 0 there is one after every call of the backend. */
  readonly checkpointEvery: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onWarning?: (text: string) => void;
}

/** Steps in one call of the backend at most: enough to hide the call, few enough to show progress and stop soon. */
const CHUNK = 32;

/** Bytes of the batches in one call at most, where a batch is large. */
const CHUNK_BYTES = 16 * 2 ** 20;

/** Workers that plan coming batches at most: each holds a few chunks of them. */
const PLANNERS = 4;

/** Floating-point operations of a forward pass below which a network is trained by one thread beside planning workers. */
const SMALL_STEP = 2e7;

/** Where a training is: the state after `step` steps. */
interface Point {
  readonly step: number;
  readonly state: NamedTensors;
}

/**
 * Trains a velocity: hands batches to the training program, keeps checkpoints, watches the loss.
 *
 * A checkpoint in `folder` is taken up, and the result has the bits of an uninterrupted training.
 *
 * @throws {CheckFailed} If the loss is not finite; the last good state is kept as a checkpoint.
 * @throws {Interrupted} If `signal` fires; the state so far is kept as a checkpoint.
 */
export async function train(options: TrainOptions): Promise<Trained> {
  const { parts, recipe, backend, signal, onProgress, checkpointEvery } = options;
  const { training, velocity } = parts;
  const program = trainingProgram(parts);
  const loss = new Float32Array(training.steps);
  const checkpoint = checkpointOf(options, program);
  const kept = await readCheckpoint(checkpoint, options.onWarning);
  if (kept !== null) loss.set(kept.loss);
  let position: Point = kept ?? { step: 0, state: initialState(program, parts, recipe.seed) };
  let previous = position; // the last position whose own loss is known to be finite
  const report = (done: number, loss?: number): void =>
    onProgress?.({ node: "training", unit: "steps", done, total: training.steps, loss });
  const before = kept?.seconds ?? 0;
  const begin = performance.now();
  const keep = (at: Point): Promise<void> =>
    writeCheckpoint(checkpoint, {
      ...{ step: at.step, state: at.state, loss: loss.subarray(0, at.step) },
      seconds: before + (performance.now() - begin) / 1000,
    });

  const chunk = chunkOf(recipe);
  const cores = navigator.hardwareConcurrency;
  const planned = recipe.coupling.kind !== "independent";
  const pool = openBatchPool(recipe, {
    workers: await missingForWorkers(BATCH_WORKER) !== null
      ? 0
      : planned
      ? Math.min(PLANNERS, cores)
      : 1,
    chunk,
    from: position.step,
    steps: training.steps,
  });
  // Threads that wait for work spin: beside workers that plan, one core is left to these, and a small network has one thread.
  const small = velocity.flops(training.batchSize) < SMALL_STEP;
  const threads = small ? 1 : Math.max(1, cores - 1);
  const executable = await backend.load(program, planned ? { threads } : {});
  try {
    await executable.writeState(position.state);
    report(position.step);
    let saved = performance.now();
    while (position.step < training.steps) {
      if (signal?.aborted) {
        await keep(position);
        throw new Interrupted(
          `Stopped after step ${position.step} of ${training.steps}; the same command goes on from there`,
        );
      }
      const { step } = position;
      const count = Math.min(chunk, training.steps - step);
      const batches = await pool.take(step, count);
      const outputs = await executable.run({
        ...batches,
        done: { data: Float32Array.of(step), shape: [] },
      });
      const losses = outputs.loss.data as Float32Array;
      const bad = losses.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) {
        const good = bad > 0 ? position : previous;
        await keep(good);
        throw new CheckFailed(
          `The loss is ${losses[bad]} at step ${
            step + bad + 1
          } of ${training.steps}: training stopped. ` +
            `The state after step ${good.step} is kept in '${checkpoint.path}'. ` +
            `Lower training.optimizer.learningRate, or set training.clipNorm`,
        );
      }
      loss.set(losses, step);
      previous = position;
      position = { step: step + count, state: await executable.readState() };
      if (performance.now() - saved >= 1000 * checkpointEvery) {
        await keep(position).catch((error) => {
          if (!(error instanceof InputError)) throw error;
          options.onWarning?.(
            `${error.message}. Training goes on; the checkpoint before this one is whole`,
          );
        });
        saved = performance.now();
      }
      report(position.step, mean(losses));
    }
  } finally {
    pool.close();
    await executable.close();
  }
  const { tensors, unpackValues } = packingOf(velocity.parameters);
  const name = training.ema === null ? (tensor: string) => tensor : averageName;
  const parameters = unpackValues(
    new Map(tensors.map((tensor) => [tensor.name, position.state.get(name(tensor.name))!])),
  );
  for (const [parameter, { data }] of parameters) {
    if (!data.every(Number.isFinite)) {
      await keep(previous);
      throw new CheckFailed(
        `Parameter '${parameter}' is not finite after the last step, ${training.steps}. ` +
          `The state after step ${previous.step} is kept in '${checkpoint.path}'`,
      );
    }
  }
  return { parameters, loss, before };
}

/** Where the checkpoint of a training is, and what it must be. */
function checkpointOf(
  { folder, hash, recipe, parts }: Pick<TrainOptions, "folder" | "hash" | "recipe" | "parts">,
  program: Program,
): CheckpointOf {
  return {
    path: checkpointIn(folder),
    hash,
    seed: recipe.seed,
    steps: parts.training.steps,
    shapes: Object.fromEntries(
      program.state.map(({ input }) => [
        (input.attributes as { readonly name: string }).name,
        input.shape as readonly number[],
      ]),
    ),
    streams: (step) => streamsAt(recipe, step),
  };
}

/** Steps in one call: fewer than `CHUNK` where batches are large. */
function chunkOf({ batchSize, dim }: BatchRecipe): number {
  const bytes = 4 * batchSize * (2 * dim + 1);
  return Math.max(1, Math.min(CHUNK, Math.floor(CHUNK_BYTES / bytes)));
}

function mean(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
