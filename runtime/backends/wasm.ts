import type { InferenceSession } from "npm:onnxruntime-common@1.30.0";
import type { Runtime } from "./session.ts";

/** ONNX Runtime's WebAssembly build; threads are settled for the process by the first who opens it. */
export async function wasmRuntime(
  threads: number,
): Promise<{ readonly runtime: Runtime; readonly version: string; readonly threads: number }> {
  const ort = (await import("npm:onnxruntime-web@1.30.0")).default;
  settled ??= threads;
  ort.env.wasm.numThreads = settled;
  ort.env.logLevel = "error";
  const runtime: Runtime = {
    Tensor: ort.Tensor,
    InferenceSession: {
      create: (model, options) =>
        withItsWorker(() => ort.InferenceSession.create(model, options as object)),
    },
  };
  return { runtime, version: ort.env.versions.web!, threads: settled };
}

let settled: number | null = null;

/** The global `Worker`, and the one that the WebAssembly module puts in its place. */
const ours = globalThis.Worker;
let its: typeof Worker | null = null;
let last: Promise<unknown> = Promise.resolve();

/**
 * Makes a session, one at a time. The module replaces the global `Worker` by the one of `node:worker_threads`, with
 * other events, and starts its threads with it while sessions are made; everybody else is given the right one back.
 */
function withItsWorker<T>(make: () => Promise<T>): Promise<T> {
  const made = last.then(async () => {
    if (its !== null) globalThis.Worker = its;
    try {
      return await make();
    } finally {
      its = globalThis.Worker;
      globalThis.Worker = ours;
    }
  });
  last = made.catch(() => {});
  return made;
}

/** Session options of the WebAssembly build. */
export function wasmOptions(): InferenceSession.SessionOptions {
  return {
    executionProviders: ["wasm"],
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  };
}
