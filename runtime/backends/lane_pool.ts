import type { Lane } from "./tiles.ts";
import { LaneWorker } from "./worker_lane.ts";

/** Runs a worker holds at a time: the one it does, and the next, so that it need not wait for this thread. */
const AHEAD = 2;

/**
 * The workers of a backend, for all of its programs: each is started when the first program needs it, holds a
 * session for every program it was given, and lives until the backend closes.
 */
export class LanePool {
  readonly #workers: LaneWorker[] = [];
  #programs = 0;
  #closed = false;

  /** Workers that are running now. */
  get started(): number {
    return this.#workers.length;
  }

  /**
   * A program's lanes: the result opens the lane in the worker of an index, and its promise rejects if the
   * worker cannot start or cannot load the program.
   */
  program(model: Uint8Array): (index: number) => Promise<Lane> {
    const program = this.#programs++;
    return async (index) => {
      const worker = this.#worker(index);
      await worker.ask({ kind: "load", program, model });
      return {
        ahead: AHEAD,
        run: (inputs) => worker.ask({ kind: "run", program, inputs }),
        // The worker frees the session after the runs it still has; nobody needs to wait for that.
        close: () => {
          worker.ask({ kind: "release", program }).catch(() => {});
          return Promise.resolve();
        },
      };
    };
  }

  /** Ends all workers; what they still had to do is rejected. */
  close(): void {
    this.#closed = true;
    for (const worker of this.#workers.splice(0)) worker.close();
  }

  #worker(index: number): LaneWorker {
    if (this.#closed) throw new Error("Cannot start a worker as its backend was closed");
    while (this.#workers.length <= index) this.#workers.push(new LaneWorker());
    return this.#workers[index];
  }
}
