import { startWorker, type WorkerModule } from "../worker_module.ts";
import type { RunTensor, RunTensors } from "./backend.ts";
import { LANE_WORKER } from "./lane_worker.ts";

/** What a lane's worker is asked. It does one thing after the other, in the order in which it was asked. */
export type LaneRequest =
  | { readonly kind: "load"; readonly program: number; readonly model: Uint8Array }
  | { readonly kind: "run"; readonly program: number; readonly inputs: RunTensors }
  | { readonly kind: "release"; readonly program: number };

/** A request on its way to the worker. */
export type LaneMessage = LaneRequest & { readonly id: number };

/** What the worker answers; outputs are empty but for a run. */
export type LaneReply =
  | { readonly id: number; readonly outputs: Record<string, RunTensor> }
  | { readonly id: number; readonly error: string };

type Answer = PromiseWithResolvers<Record<string, RunTensor>>;

/**
 * A worker that runs programs with one thread: native runs block the thread that calls them. Whatever becomes
 * of the worker, every request is answered or rejected.
 */
export class LaneWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Answer>();
  #requests = 0;
  #ended: Error | null = null;

  /** @param module What the worker runs. */
  constructor(module: WorkerModule = LANE_WORKER) {
    this.#worker = startWorker(module);
    this.#worker.onmessage = ({ data }: MessageEvent<LaneReply>) => {
      const answer = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) answer?.reject(new Error(data.error));
      else answer?.resolve(data.outputs);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new Error(`Cannot run in a worker as the worker failed: ${event.message}`));
    };
    this.#worker.onmessageerror = () => {
      this.#end(new Error("Cannot run in a worker as its answer cannot be read"));
    };
  }

  /** Asks the worker; rejects if it fails, has failed, or is closed before it answers. */
  ask(request: LaneRequest): Promise<Record<string, RunTensor>> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#requests++;
    const answer: Answer = Promise.withResolvers();
    this.#waiting.set(id, answer);
    this.#worker.postMessage({ ...request, id } satisfies LaneMessage);
    return answer.promise;
  }

  /** Ends the worker; what still waits for an answer is rejected. */
  close(): void {
    this.#end(new Error("Cannot run in a worker as its backend was closed"));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
