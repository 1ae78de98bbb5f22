/**
 * A module that a worker runs. Whoever starts the worker imports it like any other, so that it is part of the module
 * graph, and `deno cache` fetches it with everything else; it only listens where it runs under its own name.
 */
export interface WorkerModule {
  readonly url: string;
  readonly name: string;
}

/** Starts a worker on its module. */
export function startWorker({ url, name }: WorkerModule): Worker {
  return new Worker(url, { type: "module", name });
}
