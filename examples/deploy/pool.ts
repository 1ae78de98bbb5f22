/**
 * Workers that run the files, so that the server stays awake: it can say that it is well, refuse what is too much, and give
 * up on what takes too long.
 *
 * @module
 */
import type { Answer, Job, Start } from "./server_worker.ts";

/** What a pool may do. */
export interface PoolOptions {
  /** The folder of exported files. */
  readonly folder: string;
  readonly workers: number;
  /** Requests that may wait. */
  readonly queue: number;
  /** Milliseconds that a request may take, its wait included. */
  readonly timeout: number;
}

/** A request that cannot be served now, with its HTTP status. */
export class Unavailable extends Error {
  constructor(message: string, readonly status: 503 | 504) {
    super(message);
  }
}

/** What a job gave. */
export type Done = Extract<Answer, { data: Float32Array }>;

interface Waiting {
  readonly job: Job;
  readonly settle: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
}

/** Workers, each with one job at a time, and a queue before them. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  readonly #waiting: Waiting[] = [];
  #starting = 0;
  #jobs = 0;
  #closed = false;

  private constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Starts the workers; resolves when they have loaded the sampler. */
  static async open(options: PoolOptions): Promise<Pool> {
    const pool = new Pool(options);
    try {
      await Promise.all(Array.from({ length: options.workers }, () => pool.#start()));
    } catch (error) {
      pool.close();
      throw error;
    }
    return pool;
  }

  /** Whether there is a worker, or one is starting. */
  get alive(): boolean {
    return this.#starting + this.#idle.length + this.#busy.size > 0;
  }

  /** Requests under way and waiting. */
  get load(): { readonly workers: number; readonly busy: number; readonly waiting: number } {
    return {
      workers: this.#idle.length + this.#busy.size,
      busy: this.#busy.size,
      waiting: this.#waiting.length,
    };
  }

  /**
   * Runs a job.
   *
   * @throws {Unavailable} If too many wait already, or it takes too long; its worker is then replaced.
   */
  async run(job: Omit<Job, "id">): Promise<Done> {
    if (this.#idle.length === 0 && this.#waiting.length >= this.#options.queue) {
      throw new Unavailable("too many requests are waiting; try again later", 503);
    }
    const id = this.#jobs++;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const answer = await new Promise<Answer>((settle, fail) => {
        const waiting: Waiting = { job: { ...job, id }, settle, fail };
        timer = setTimeout(() => this.#giveUp(waiting), this.#options.timeout);
        this.#waiting.push(waiting);
        this.#next();
      });
      if ("error" in answer) throw new Error(answer.error);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the workers. */
  close(): void {
    this.#closed = true;
    for (const worker of [...this.#idle, ...this.#busy.keys()]) worker.terminate();
    for (const { fail } of [...this.#waiting, ...this.#busy.values()]) {
      fail(new Unavailable("the server is closing", 503));
    }
  }

  async #start(): Promise<void> {
    const worker = new Worker(new URL("./server_worker.ts", import.meta.url), { type: "module" });
    this.#starting++;
    try {
      await new Promise<void>((resolve, reject) => {
        const refuse = (why: string): void => reject(new Error(`a worker could not start: ${why}`));
        worker.onmessage = ({ data }: MessageEvent<Start>) =>
          data === "ready" ? resolve() : refuse(data.refused);
        worker.onerror = (event) => {
          event.preventDefault();
          refuse(event.message);
        };
        worker.postMessage(this.#options.folder);
      });
    } catch (error) {
      worker.terminate();
      throw error;
    } finally {
      this.#starting--;
    }
    if (this.#closed) return worker.terminate();
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      this.#busy.get(worker)?.settle(data);
      this.#busy.delete(worker);
      this.#idle.push(worker);
      this.#next();
    };
    this.#idle.push(worker);
    this.#next();
  }

  #next(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop()!;
      const waiting = this.#waiting.shift()!;
      this.#busy.set(worker, waiting);
      worker.postMessage(waiting.job);
    }
  }

  /** Gives up on a request; a solve cannot be stopped, so its worker ends with it and another takes its place. */
  #giveUp(waiting: Waiting): void {
    const { timeout } = this.#options;
    waiting.fail(
      new Unavailable(`no answer within ${timeout / 1000} s; ask for fewer points`, 504),
    );
    const place = this.#waiting.indexOf(waiting);
    if (place >= 0) {
      this.#waiting.splice(place, 1);
      return;
    }
    for (const [worker, own] of this.#busy) {
      if (own !== waiting) continue;
      this.#busy.delete(worker);
      worker.terminate();
      this.#start().catch((error) => console.error(error.message));
    }
  }
}
