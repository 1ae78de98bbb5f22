import { join } from "node:path";
import {
  averageName,
  type TrainingParts,
  trainingProgram,
} from "../../compiler/programs/training.ts";
import { packingOf } from "../../compiler/programs/packing.ts";
import { InputError } from "../../dsl/mod.ts";
import type { Program } from "../../graph/mod.ts";
import type { Backend } from "../backends/mod.ts";
import { fileOperation, writeAtomically } from "../files.ts";
import { CheckFailed, Interrupted } from "../outcome.ts";
import type { OnProgress } from "../progress.ts";
import { decodeSafetensors, encodeSafetensors, type NamedTensors } from "../safetensors.ts";
import { openBatchPool } from "./batch_pool.ts";
import type { BatchRecipe } from "./batches.ts";
import { initialParameters } from "./parameters.ts";

/** What a training ended with. */
export interface Trained {
  /** The parameters to sample with: the moving average where there is one. */
  readonly parameters: NamedTensors;
  /** Loss of every step. */
  readonly loss: Float32Array;
}

/** What a training is given. */
export interface TrainOptions {
  readonly parts: TrainingParts;
  readonly recipe: BatchRecipe;
  readonly backend: Backend;
  /** Content hash of the training node: a checkpoint of another one is not taken up. */
  readonly hash: string;
  /** Folder of the checkpoint while the training runs. */
  readonly folder: string;
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

/** Milliseconds between checkpoints. */
const CHECKPOINT_INTERVAL = 15_000;

/** Where a training is: the state after `step` steps, and the loss of each. */
interface Position {
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
  const { parts, recipe, backend, signal, onProgress } = options;
  const { training, velocity } = parts;
  const program = trainingProgram(parts);
  const loss = new Float32Array(training.steps);
  const checkpoint = join(options.folder, "checkpoint.safetensors");
  let position = await readCheckpoint(checkpoint, options, loss) ??
    { step: 0, state: initialState(program, parts, recipe.seed) };
  let previous = position; // the last position whose own loss is known to be finite
  const report = (done: number, loss?: number): void =>
    onProgress?.({ node: "training", unit: "steps", done, total: training.steps, loss });
  const keep = (at: Position): Promise<void> =>
    writeCheckpoint(checkpoint, options.hash, at, loss.subarray(0, at.step));

  const chunk = chunkOf(recipe);
  const cores = navigator.hardwareConcurrency;
  const planned = recipe.coupling.kind !== "independent";
  const pool = openBatchPool(recipe, {
    workers: planned ? Math.min(PLANNERS, cores) : 1,
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
            `The state after step ${good.step} is kept in '${checkpoint}'. ` +
            `Lower training.optimizer.learningRate, or set training.clipNorm`,
        );
      }
      loss.set(losses, step);
      previous = position;
      position = { step: step + count, state: await executable.readState() };
      if (performance.now() - saved > CHECKPOINT_INTERVAL) {
        await keep(position);
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
          `The state after step ${previous.step} is kept in '${checkpoint}'`,
      );
    }
  }
  return { parameters, loss };
}

/** The state before the first step: drawn parameters, their averages equal to them, slots at 0. */
function initialState({ state }: Program, parts: TrainingParts, seed: number): NamedTensors {
  const { parameters } = parts.velocity;
  const packed = packingOf(parameters).packValues(initialParameters(parts.velocity, seed));
  return new Map(state.map(({ input }) => {
    const { name } = input.attributes as { readonly name: string };
    const own = name.slice(name.indexOf("/") + 1);
    const { data, shape } = packed.get(own)!;
    const same = name === own || name === averageName(own);
    return [name, { data: same ? data.slice() : new Float32Array(data.length), shape }];
  }));
}

/** Writes a position aside and renames it. */
async function writeCheckpoint(
  path: string,
  hash: string,
  { step, state }: Position,
  loss: Float32Array,
): Promise<void> {
  const tensors = new Map(state).set("loss", { data: loss, shape: [step] });
  await writeAtomically(path, encodeSafetensors(tensors, { node: hash, step: String(step) }));
}

/** Steps in one call: fewer than `CHUNK` where batches are large. */
function chunkOf({ batchSize, dim }: BatchRecipe): number {
  const bytes = 4 * batchSize * (2 * dim + 1);
  return Math.max(1, Math.min(CHUNK, Math.floor(CHUNK_BYTES / bytes)));
}

/**
 * The position in a checkpoint of this node, its losses copied to `loss`; null where there is none. A file that cannot be
 * read as one is set aside under another name, and said.
 */
async function readCheckpoint(
  path: string,
  { hash, onWarning }: TrainOptions,
  loss: Float32Array,
): Promise<Position | null> {
  const bytes = await fileOperation("read", path, async () => {
    try {
      return await Deno.readFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  });
  if (bytes === null) return null;
  let content: ReturnType<typeof decodeSafetensors>;
  try {
    content = decodeSafetensors(bytes, path);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const aside = `${path}.damaged`;
    await fileOperation("set aside", path, () => Deno.rename(path, aside));
    onWarning?.(`${error.message}; it is kept as '${aside}', and training starts anew`);
    return null;
  }
  const { tensors, metadata } = content;
  if (metadata.node !== hash) return null;
  const state = new Map(tensors);
  loss.set(state.get("loss")!.data);
  state.delete("loss");
  return { step: Number(metadata.step), state };
}

function mean(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
