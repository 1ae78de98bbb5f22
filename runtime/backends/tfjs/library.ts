import type { WebGPUBackend } from "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";
import type { Tensor as TfTensor } from "npm:@tensorflow/tfjs-core@4.22.0";
import { GpuError, newsOfLoss } from "../gpu_error.ts";
import { requestAdapter, withRuntimeFolder } from "../adapter.ts";

/** What TensorFlow.js's core exports. */
export type Tf = typeof import("npm:@tensorflow/tfjs-core@4.22.0");

/** A tensor of TensorFlow.js. */
export type { TfTensor };

/** TensorFlow.js on WebGPU, ready to run. */
export interface Library {
  readonly tf: Tf;
  /** The adapter in words. */
  readonly adapter: string;
  /** Whether the adapter computes on the processor. */
  readonly software: boolean;
  /**
   * Throws what the device has found wrong since it was opened: its errors come apart from the calls that cause them.
   *
   * @throws {GpuError} If a kernel was refused, memory ran out or the device was lost; its cause is what the device said.
   */
  check(): void;
  /** Throws what the device has found wrong where something failed for that, which may be heard sooner; else what failed. */
  explain(error: unknown): Promise<never>;
  /** Applies kernels: what `apply` makes on the way is freed, and its result is kept until it is disposed. */
  run(apply: () => TfTensor): TfTensor;
}

/**
 * TensorFlow.js with its WebGPU kernels, loaded when first asked for; or why it cannot be had.
 *
 * The core must be there before the backend, which registers its kernels with it as it is loaded.
 */
export async function tfjsLibrary(): Promise<Library | { readonly missing: string }> {
  const adapter = await requestAdapter();
  if (adapter === null) return { missing: "WebGPU finds no adapter" };
  const { info } = adapter;
  try {
    const tf = await import("npm:@tensorflow/tfjs-core@4.22.0");
    await import("npm:@tensorflow/tfjs-backend-webgpu@4.22.0");
    const before: string | undefined = tf.engine().backendName;
    const ready = await withRuntimeFolder(() => tf.setBackend("webgpu"));
    if (!ready) return { missing: "the adapter gives no device" };
    const { device } = tf.backend() as WebGPUBackend;
    if (before !== undefined && before !== "webgpu") await tf.setBackend(before);
    return {
      tf,
      adapter: info.description || info.vendor || "unnamed adapter",
      software: info.isFallbackAdapter,
      ...watch(device),
      run: (apply) => kept(tf, apply),
    };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { missing: `TensorFlow.js cannot be loaded (${text.split("\n")[0]})` };
  }
}

/** Notes the first error of a device, and throws it when asked. */
function watch(device: GPUDevice): Pick<Library, "check" | "explain"> {
  let failure: string | null = null;
  let lost = false;
  device.addEventListener("uncapturederror", (event) => {
    failure ??= (event as GPUUncapturedErrorEvent).error.message;
  });
  device.lost.then(({ message }) => {
    failure ??= `the device was lost (${message})`;
    lost = true;
  });
  const check = (): void => {
    if (failure === null) return;
    throw new GpuError(
      `The backend tfjs failed: ${failure}. The backend cpu needs no graphics card`,
      { cause: failure, lost },
    );
  };
  return {
    check,
    explain: async (error) => {
      if (error instanceof DOMException) await newsOfLoss(device);
      check();
      throw error;
    },
  };
}

/** What lets TensorFlow.js compute small tensors on the processor instead of the adapter. */
const FORWARD = "WEBGPU_CPU_FORWARD";

/**
 * Applies kernels on WebGPU, whatever backend the application around uses: its choice and its flag are put back.
 * Switching between backends that are open takes effect at once, though the call returns a promise.
 */
function kept(tf: Tf, apply: () => TfTensor): TfTensor {
  const theirs = tf.getBackend();
  const forward = tf.env().getBool(FORWARD);
  if (theirs !== "webgpu") tf.setBackend("webgpu");
  tf.env().set(FORWARD, false);
  try {
    return tf.keep(tf.tidy(apply));
  } finally {
    tf.env().set(FORWARD, forward);
    if (theirs !== "webgpu") tf.setBackend(theirs);
  }
}
