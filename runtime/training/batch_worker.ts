/**
 * The other end of `batch_pool.ts`: a worker that draws batches.
 *
 * @module
 */
import { InputError } from "../../dsl/error.ts";
import type { WorkerModule } from "../worker_module.ts";
import type { BatchAnswer, BatchRequest } from "./batch_pool.ts";
import { type DrawBatches, openBatches } from "./batches.ts";

/** How to start it. */
export const BATCH_WORKER: WorkerModule = { url: import.meta.url, name: "pushforward batches" };

const scope = self as unknown as {
  readonly name?: string;
  onmessage: (event: MessageEvent<BatchRequest>) => void;
  postMessage(answer: BatchAnswer, transfer?: Transferable[]): void;
};

let draw: DrawBatches;

const receive = ({ data: request }: MessageEvent<BatchRequest>): void => {
  if ("recipe" in request) {
    draw = openBatches(request.recipe);
    return;
  }
  const { id, first, count } = request;
  try {
    const batches = draw(first, count);
    scope.postMessage(
      { id, batches },
      Object.values(batches).map(({ data }) => data.buffer as ArrayBuffer),
    );
  } catch (error) {
    const { message } = error as Error;
    const input = error instanceof InputError ? { field: error.field } : null;
    scope.postMessage({ id, error: message, input });
  }
};

if (scope.name === BATCH_WORKER.name) scope.onmessage = receive;
