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
  return { runtime: ort as unknown as Runtime, version: ort.env.versions.web!, threads: settled };
}

let settled: number | null = null;

/** Session options of the WebAssembly build. */
export function wasmOptions(): InferenceSession.SessionOptions {
  return {
    executionProviders: ["wasm"],
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  };
}
