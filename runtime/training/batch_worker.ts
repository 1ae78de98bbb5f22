/// <reference lib="deno.worker" />
import { InputError } from "../../dsl/error.ts";
import type { BatchAnswer, BatchRequest } from "./batch_pool.ts";
import { type DrawBatches, openBatches } from "./batches.ts";

let draw: DrawBatches;

self.onmessage = ({ data: request }: MessageEvent<BatchRequest>): void => {
  if ("recipe" in request) {
    draw = openBatches(request.recipe);
    return;
  }
  const { id, first, count } = request;
  try {
    const batches = draw(first, count);
    self.postMessage(
      { id, batches } satisfies BatchAnswer,
      [batches.x0.data.buffer, batches.x1.data.buffer, batches.t.data.buffer] as ArrayBuffer[],
    );
  } catch (error) {
    const { message } = error as Error;
    const input = error instanceof InputError ? { field: error.field } : null;
    self.postMessage({ id, error: message, input } satisfies BatchAnswer);
  }
};
