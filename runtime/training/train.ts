import { averageName, type TrainingParts } from "../../compiler/programs/training.ts";
import { packingOf } from "../../compiler/programs/packing.ts";
import { InputError } from "../../dsl/mod.ts";
import type { Program } from "../../graph/mod.ts";
import type { Backend, RunTensor } from "../backends/mod.ts";
import { CheckFailed, Interrupted } from "../outcome.ts";
import type { OnProgress } from "../progress.ts";
import type { NamedTensors } from "../safetensors.ts";
import { missingForWorkers } from "../worker_module.ts";
import { openBatchPool } from "./batch_pool.ts";
import { BATCH_WORKER } from "./batch_worker.ts";
import { type BatchRecipe, streamsAt } from "./batches.ts";
import { callsOf } from "./calls.ts";
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

/** Workers that plan coming batches at most: each holds a few chunks of them. */
const PLANNERS = 4;

/** Floating-point operations of a forward pass below which a network is trained by one thread beside planning workers. */
const SMALL_STEP = 2e7;

/** Where a training is: the state after `step` steps. */
interface Point {
  readonly step: number;
  readonly state: NamedTensors;
}

/** A call of the program that is under way. */
interface Call {
  readonly first: number;
  readonly count: number;
  readonly outputs: Promise<Record<string, RunTensor>>;
  /** The state after it, where that was asked for. */
  readonly state: Promise<NamedTensors> | null;
  /** Whether that is for a checkpoint. */
  readonly due: boolean;
}

/**
 * Trains a velocity: hands batches to the training program, keeps checkpoints, watches the loss.
 *
 * A checkpoint in `folder` is taken up, and the result has the bits of an uninterrupted training. Where the backend keeps
 * data on a device, calls follow each other without waiting for answers, and the state is fetched for checkpoints alone.
 *
 * @throws {CheckFailed} If the loss is not finite; the last good state is kept as a checkpoint.
 * @throws {Interrupted} If `signal` fires; the state so far is kept as a checkpoint.
 */
export async function train(options: TrainOptions): Promise<Trained> {
  const { parts, backend, signal, onProgress, checkpointEvery } = options;
  const { training, velocity } = parts;
  const calls = callsOf(parts, options.recipe, backend);
  const { program, recipe } = calls;
  const loss = new Float32Array(training.steps);
  const checkpoint = checkpointOf(options, program);
  const kept = await readCheckpoint(checkpoint, options.onWarning);
  if (kept !== null) loss.set(kept.loss);
  // The latest states that are known, oldest first: the last good one is among them.
  const points: Point[] = [kept ?? { step: 0, state: initialState(program, parts, recipe.seed) }];
  const report = (done: number, loss?: number): void =>
    onProgress?.({ node: "training", unit: "steps", done, total: training.steps, loss });
  const before = kept?.seconds ?? 0;
  const begin = performance.now();
  const keep = (at: Point): Promise<void> =>
    writeCheckpoint(checkpoint, {
      ...{ step: at.step, state: at.state, loss: loss.subarray(0, at.step) },
      seconds: before + (performance.now() - begin) / 1000,
    });

  const cores = navigator.hardwareConcurrency;
  const planned = recipe.coupling.kind !== "independent";
  let step = points[0].step;
  const pool = openBatchPool(recipe, {
    workers: await missingForWorkers(BATCH_WORKER) !== null || !drawsNumbers(recipe)
      ? 0
      : planned
      ? Math.min(PLANNERS, cores)
      : 1,
    chunk: calls.steps,
    from: step,
    steps: training.steps,
  });
  // Threads that wait for work spin: beside workers that plan, one core is left to these, and a small network has one thread.
  const small = velocity.flops(training.batchSize) < SMALL_STEP;
  const threads = small ? 1 : Math.max(1, cores - 1);
  const executable = await backend.load(program, {
    fixed: calls.fixed,
    ...(planned ? { threads } : {}),
  });
  const open: Call[] = [];
  let saved = performance.now();
  /** Waits for the oldest call that is under way. */
  const settle = async (): Promise<void> => {
    const { first, count, outputs, state, due } = open.shift()!;
    const losses = (await outputs).loss.data as Float32Array;
    const bad = losses.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const good = points.findLast((point) => point.step < first + bad) ?? points[0];
      await keep(good);
      throw new CheckFailed(
        `The loss is ${losses[bad]} at step ${
          first + bad + 1
        } of ${training.steps}: training stopped. ` +
          `The state after step ${good.step} is kept in '${checkpoint.path}'. ` +
          `Lower training.optimizer.learningRate, or set training.clipNorm`,
      );
    }
    loss.set(losses, first);
    if (state !== null) {
      if (points.length > 1) points.shift();
      points.push({ step: first + count, state: await state });
    }
    if (due) {
      await keep(points.at(-1)!).catch((error) => {
        if (!(error instanceof InputError)) throw error;
        options.onWarning?.(
          `${error.message}. Training goes on; the checkpoint before this one is whole`,
        );
      });
      saved = performance.now(); // what is slow to write is not written all the time
    }
    report(first + count, mean(losses));
  };
  try {
    await executable.writeState(points[0].state);
    report(step);
    saved = performance.now();
    while (step < training.steps && !signal?.aborted) {
      const first = step;
      const count = Math.min(calls.steps, training.steps - first);
      const batches = await pool.take(first, count);
      const outputs = executable.run(calls.inputs({ first, count }, batches));
      outputs.catch(() => {}); // a failure is reported by settle()
      if (calls.ahead === 0) await outputs;
      step += count;
      const due = performance.now() - saved >= 1000 * checkpointEvery;
      if (due) saved = performance.now();
      const wanted = due || calls.ahead === 0 || step === training.steps;
      const state = wanted ? executable.readState() : null;
      state?.catch(() => {});
      open.push({ first, count, outputs, state, due });
      while (open.length > calls.ahead) await settle();
    }
    while (open.length > 0) await settle();
    if (step < training.steps) {
      const last = points.at(-1)!;
      await keep(last.step === step ? last : { step, state: await executable.readState() });
      throw new Interrupted(
        `Stopped after step ${step} of ${training.steps}; the same command goes on from there`,
      );
    }
  } finally {
    pool.close();
    await executable.close();
  }
  const { tensors, unpackValues } = packingOf(velocity.parameters);
  const name = training.ema === null ? (tensor: string) => tensor : averageName;
  const { state } = points.at(-1)!;
  const parameters = unpackValues(
    new Map(tensors.map((tensor) => [tensor.name, state.get(name(tensor.name))!])),
  );
  for (const [parameter, { data }] of parameters) {
    if (!data.every(Number.isFinite)) {
      await keep(points[0]);
      throw new CheckFailed(
        `Parameter '${parameter}' is not finite after the last step, ${training.steps}. ` +
          `The state after step ${points[0].step} is kept in '${checkpoint.path}'`,
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

/** Whether batches are drawn on the host, beside the numbers of rows. */
function drawsNumbers({ coupling, origins }: BatchRecipe): boolean {
  if (origins === undefined || coupling.kind !== "independent") return true;
  return origins.x0.kind === "given" || origins.x1.kind === "given";
}

function mean(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
