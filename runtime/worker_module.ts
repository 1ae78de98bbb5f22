import { fileURLToPath } from "node:url";

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

/**
 * What keeps this process from starting a worker on its module, and the flag that mends it; null where nothing does. A
 * worker reads its module anew, and a file needs permission to be read. Never asks for permission.
 */
export async function missingForWorkers({ url }: WorkerModule): Promise<string | null> {
  if (!url.startsWith("file:")) return null;
  const { state } = await Deno.permissions.query({ name: "read", path: fileURLToPath(url) });
  const library = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
  return state === "granted" ? null : `--allow-read=${library}`;
}
