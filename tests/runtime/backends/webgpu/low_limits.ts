/** Limits that the backend asks for. */
export type LimitName =
  | "maxStorageBufferBindingSize"
  | "maxBufferSize"
  | "maxStorageBuffersPerShaderStage"
  | "maxComputeWorkgroupStorageSize"
  | "maxComputeInvocationsPerWorkgroup"
  | "maxComputeWorkgroupSizeX"
  | "maxComputeWorkgroupsPerDimension";

/** What WebGPU promises on every GPU. */
export const LEAST_LIMITS: Readonly<Record<LimitName, number>> = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65_535,
};

/** The adapter of this machine, as if it could do no more than these limits say; what is promised it gives. */
export async function adapterWith(
  limits: Readonly<Partial<Record<LimitName, number>>> = {},
): Promise<GPUAdapter> {
  const adapter = (await navigator.gpu.requestAdapter())!;
  const own = { ...LEAST_LIMITS, ...limits };
  return {
    info: adapter.info,
    features: adapter.features,
    limits: own as unknown as GPUSupportedLimits,
    requestDevice: ({ requiredLimits = {}, ...rest }: GPUDeviceDescriptor = {}) => {
      for (const [name, value] of Object.entries(requiredLimits)) {
        const most = own[name as LimitName] ?? 0;
        if (value! > most) {
          throw new RangeError(`${name} is at most ${most}: ${value} was asked for`);
        }
      }
      return adapter.requestDevice({ requiredLimits, ...rest });
    },
  } as GPUAdapter;
}
