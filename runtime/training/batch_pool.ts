import { InputError } from "../../dsl/mod.ts";
import { startWorker } from "../worker_module.ts";
import { BATCH_WORKER } from "./batch_worker.ts";
import { type Batches, type BatchRecipe, type DrawBatches, openBatches } from "./batches.ts";

/** Draws the batches of coming steps, in workers where there is something to gain. */
export interface BatchPool {
  /** The batches of `count` steps from `first`; asking in order lets the workers run ahead. */
  take(first: number, count: number): Promise<Batches>;
  close(): void;
}

/** How far ahead the workers may run, in chunks each: enough to hide one slow plan, little memory. */
const DEPTH = 2;

/**
 * Opens a pool over `workers` workers; with 0, batches are drawn where they are asked for.
 *
 * A batch is a pure function of the recipe and its step, so the bits do not depend on the number of workers.
 */
export function openBatchPool(
  recipe: BatchRecipe,
  options: { workers: number; chunk: number; steps: number; from: number },
): BatchPool {
  if (options.workers === 0) {
    const draw = openBatches(recipe);
    return { take: (first, count) => Promise.resolve(draw(first, count)), close() {} };
  }
  const workers = Array.from({ length: options.workers }, () => drawerOf(recipe));
  const pending = new Map<number, Promise<Batches>>();
  let ahead = options.from;
  let turn = 0;
  const order = (): void => {
    const count = Math.min(options.chunk, options.steps - ahead);
    pending.set(ahead, workers[turn % workers.length].draw(ahead, count));
    pending.get(ahead)!.catch(() => {}); // a failure is reported by take()
    ahead += count;
    turn++;
  };
  while (pending.size < DEPTH * workers.length && ahead < options.steps) order();
  return {
    async take(first, count) {
      const found = pending.get(first) ?? workers[0].draw(first, count);
      const batches = await found;
      pending.delete(first);
      if (ahead < options.steps) order();
      return batches;
    },
    close() {
      for (const worker of workers) worker.close();
    },
  };
}

/** What the worker is told, and what it answers. */
export type BatchRequest = { recipe: BatchRecipe } | { id: number; first: number; count: number };
export type BatchAnswer =
  | { id: number; batches: Batches }
  /** `input`: the field at fault where the user's input is, null where the fault is ours. */
  | { id: number; error: string; input: { field: string | undefined } | null };

/** Starts one worker over the recipe. */
function drawerOf(
  recipe: BatchRecipe,
): { draw: (...at: Parameters<DrawBatches>) => Promise<Batches>; close(): void } {
  const worker = startWorker(BATCH_WORKER);
  const waiting = new Map<number, PromiseWithResolvers<Batches>>();
  let ids = 0;
  let failure: Error | null = null;
  const failAll = (error: Error): void => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.onmessage = ({ data: answer }: MessageEvent<BatchAnswer>): void => {
    const promise = waiting.get(answer.id)!;
    waiting.delete(answer.id);
    if ("batches" in answer) promise.resolve(answer.batches);
    else {
      const { error, input } = answer;
      promise.reject(input === null ? new Error(error) : new InputError(error, input));
    }
  };
  worker.onerror = (event): void => {
    event.preventDefault();
    failAll(new Error(`The worker that draws batches failed: ${event.message}`));
  };
  worker.postMessage({ recipe } satisfies BatchRequest);
  return {
    draw(first, count) {
      if (failure !== null) return Promise.reject(failure);
      const id = ids++;
      const promise = Promise.withResolvers<Batches>();
      waiting.set(id, promise);
      worker.postMessage({ id, first, count } satisfies BatchRequest);
      return promise.promise;
    },
    close() {
      worker.terminate();
      failAll(new Error("The worker that draws batches was closed"));
    },
  };
}
