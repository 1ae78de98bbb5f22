import type { InferenceSession } from "npm:onnxruntime-common@1.30.0";
import type { Runtime } from "./session.ts";

/** ONNX Runtime's native build: what is needed to open it, or why it cannot be had. */
export type NativeRuntime =
  | { readonly runtime: Runtime; readonly version: string }
  | { readonly missing: string };

/**
 * The native build of ONNX Runtime, if this process may load it and it is there. Never asks for permission:
 * what has not been granted counts as denied.
 */
export async function nativeRuntime(): Promise<NativeRuntime> {
  const ffi = await Deno.permissions.query({ name: "ffi" });
  if (ffi.state !== "granted") {
    return { missing: "native code is not permitted; allow it with --allow-ffi" };
  }
  try {
    const ort = (await import("npm:onnxruntime-node@1.30.0")).default;
    return { runtime: ort as unknown as Runtime, version: ort.env.versions.node! };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { missing: `the native library cannot be loaded (${text.split("\n")[0]})` };
  }
}

/**
 * Session options of the native build. Threads wait for work by spinning, which is what makes small kernels
 * worth spreading, but only while a program runs. Denormals stay: ONNX Runtime would flush them for the whole
 * calling thread, JavaScript's own arithmetic included.
 */
export function nativeOptions(threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    extra: { session: { force_spinning_stop: "1" } },
  };
}
