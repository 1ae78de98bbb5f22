import type { RunTensor, RunTensors } from "./backend.ts";
import type { Lane } from "./tiles.ts";

/** What a lane's worker is asked: first to load, then to run. */
export type LaneRequest =
  | { readonly id: number; readonly kind: "load"; readonly model: Uint8Array }
  | { readonly id: number; readonly kind: "run"; readonly inputs: RunTensors };

/** What it answers. */
export type LaneReply =
  | { readonly id: number; readonly outputs: Record<string, RunTensor> }
  | { readonly id: number; readonly error: string };

/** Opens a lane in a worker of its own: native runs block the thread that calls them. */
export async function openWorkerLane(model: Uint8Array): Promise<Lane> {
  const worker = new Worker(new URL("./lane_worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, PromiseWithResolvers<Record<string, RunTensor>>>();
  let requests = 0;
  worker.onmessage = ({ data }: MessageEvent<LaneReply>) => {
    const { resolve, reject } = waiting.get(data.id)!;
    waiting.delete(data.id);
    if ("error" in data) reject(new Error(data.error));
    else resolve(data.outputs);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    for (const { reject } of waiting.values()) reject(new Error(event.message));
    waiting.clear();
  };
  const ask = (request: LaneRequest): Promise<Record<string, RunTensor>> => {
    const answer = Promise.withResolvers<Record<string, RunTensor>>();
    waiting.set(request.id, answer);
    worker.postMessage(request);
    return answer.promise;
  };
  await ask({ id: requests++, kind: "load", model });
  return {
    run: (inputs) => ask({ id: requests++, kind: "run", inputs }),
    close: () => {
      worker.terminate();
      return Promise.resolve();
    },
  };
}
