import fs from "node:fs";
import type { InferenceSession } from "npm:onnxruntime-common@1.30.0";
import type { Runtime } from "./session.ts";

/**
 * Pages that memory shared by threads has from the start, of 64 KiB: 2 GiB of addresses, which take no memory until they are
 * used. In Deno 2.9 a thread that is at work while memory grows dies where it touches what is new, and whoever waits for
 * it waits for ever; so memory had better not grow.
 */
const ROOM = 32_768;

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
      create: async (model, options) => {
        const session = await inTurn(() =>
          withItsWorker(() =>
            withRoom(() => quietly(() => ort.InferenceSession.create(model, options as object)))
          )
        );
        return {
          run: (feeds) => inTurn(() => session.run(feeds)),
          release: () => inTurn(() => session.release()),
        };
      },
    },
  };
  return { runtime, version: ort.env.versions.web!, threads: settled };
}

let settled: number | null = null;

let last: Promise<unknown> = Promise.resolve();

/**
 * Does one thing at a time with the WebAssembly module, for all sessions of the process: it has one stack and
 * one heap, and what is begun while a run waits for its threads would write over what that run still needs.
 */
function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const done = last.then(act);
  last = done.catch(() => {});
  return done;
}

/** The global `Worker`, and the one that the WebAssembly module puts in its place. */
const ours = globalThis.Worker;
let its: typeof Worker | null = null;

/**
 * Makes a session. The module replaces the global `Worker` by the one of `node:worker_threads`, with other
 * events, and starts its threads with it while sessions are made; everybody else is given the right one back.
 */
async function withItsWorker<T>(make: () => Promise<T>): Promise<T> {
  if (its !== null) globalThis.Worker = its;
  try {
    return await make();
  } finally {
    its = globalThis.Worker;
    globalThis.Worker = ours;
  }
}

/** Makes a session. The first one makes the module's memory, which gets more room than the module asks for. */
async function withRoom<T>(make: () => Promise<T>): Promise<T> {
  if (its !== null) return await make(); // it has its memory
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(given: WebAssembly.MemoryDescriptor) {
      const { initial, maximum = ROOM, shared } = given;
      const room = Math.max(initial, Math.min(maximum, ROOM));
      super(shared ? { ...given, initial: room } : given);
    }
  };
  try {
    return await make();
  } finally {
    WebAssembly.Memory = Memory;
  }
}

/**
 * Makes a session. Where its code may not be read the module prints the failure twice, past the console, before it throws it:
 * with less than all of reading permitted, what it prints meanwhile is kept back, and printed if nothing was thrown.
 */
async function quietly<T>(make: () => Promise<T>): Promise<T> {
  if ((await Deno.permissions.query({ name: "read" })).state === "granted") return await make();
  const { writeSync } = fs;
  const kept: [number, string][] = [];
  fs.writeSync = ((file: number, text: string) => kept.push([file, text])) as typeof writeSync;
  try {
    const made = await make();
    for (const [file, text] of kept) writeSync(file, text);
    return made;
  } finally {
    fs.writeSync = writeSync;
  }
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
