/** Opening a GPU: asked for its own limits, watched for its loss. */
import { requestAdapter } from "../adapter.ts";

/** A GPU that is open. */
export interface Gpu {
  readonly device: GPUDevice;
  /** Maker and model, in words. */
  readonly name: string;
  /** Whether it is a processor that plays a GPU. */
  readonly software: boolean;
  readonly limits: GpuLimits;
  /** Why it is gone, once it is. */
  lost(): string | null;
  /** What it refused outside of all error scopes since this was last asked. */
  refused(): GPUError | null;
}

/** What kernels and buffers must keep to. */
export interface GpuLimits {
  /** Bytes of a buffer that a kernel binds. */
  readonly bindingBytes: number;
  /** Storage buffers in a kernel. */
  readonly storageBuffers: number;
  /** Bytes of memory that a workgroup shares. */
  readonly workgroupBytes: number;
  /** Invocations in a workgroup. */
  readonly invocations: number;
  /** Workgroups along an axis of a dispatch. */
  readonly workgroups: number;
}

/** A GPU, or why there is none. */
export type Opened = { readonly gpu: Gpu } | { readonly missing: string };

/** What to install where a machine has no GPU or no driver for it. */
const REMEDY =
  "on Linux, install the Vulkan loader and a driver (`apt-get install libvulkan1 mesa-vulkan-drivers` brings one " +
  "that runs on the processor)";

/** How a GPU is opened. */
export interface GpuOptions {
  /** Whether a processor that plays a GPU is refused. */
  readonly real?: boolean;
  /** Asks for it; by default for the one that the browser or Deno offers first. */
  readonly adapter?: () => Promise<GPUAdapter | null>;
}

/** Opens a GPU with all of its limits. */
export async function openGpu(options: GpuOptions = {}): Promise<Opened> {
  const { real = false, adapter: ask = requestAdapter } = options;
  if ((navigator as { readonly gpu?: GPU }).gpu === undefined) {
    return { missing: "this runtime has no WebGPU" };
  }
  let adapter: GPUAdapter | null;
  try {
    adapter = await ask();
  } catch (error) {
    return { missing: `the driver failed (${firstLine(error)})` };
  }
  if (adapter === null) return { missing: `there is no GPU with a driver: ${REMEDY}` };
  const { info, limits } = adapter;
  const software = isSoftware(adapter);
  if (real && software) return { missing: `the only GPU is a processor (${nameOf(info)})` };
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({
      requiredLimits: {
        maxBufferSize: limits.maxBufferSize,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
        maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
        maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      },
    });
  } catch (error) {
    return { missing: `${nameOf(info)} cannot be opened (${firstLine(error)})` };
  }
  let gone: string | null = null;
  device.lost.then(({ message, reason }) => {
    gone = reason === "destroyed" ? "it was closed" : firstLine(message);
  });
  let refused: GPUError | null = null;
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    refused ??= (event as GPUUncapturedErrorEvent).error;
  });
  return {
    gpu: {
      device,
      name: nameOf(info),
      software,
      limits: {
        bindingBytes: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
        storageBuffers: limits.maxStorageBuffersPerShaderStage,
        workgroupBytes: limits.maxComputeWorkgroupStorageSize,
        invocations: Math.min(
          limits.maxComputeInvocationsPerWorkgroup,
          limits.maxComputeWorkgroupSizeX,
        ),
        workgroups: limits.maxComputeWorkgroupsPerDimension,
      },
      lost: () => gone,
      refused: () => {
        const error = refused;
        refused = null;
        return error;
      },
    },
  };
}

function isSoftware({ info }: GPUAdapter): boolean {
  const { isFallbackAdapter } = info as GPUAdapterInfo & { readonly isFallbackAdapter?: boolean };
  return isFallbackAdapter === true || /llvmpipe|swiftshader|lavapipe/i.test(info.description);
}

function nameOf({ description, vendor, architecture }: GPUAdapterInfo): string {
  return description || [vendor, architecture].filter((word) => word !== "").join(" ") ||
    "an unnamed GPU";
}

/** What an error says, without what follows. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0];
}
