/** Seconds that compute passes took by the device's own clock. */
export interface DeviceClock {
  /** From here on passes are timed. */
  start(): void;
  /** Stops, and gives the sum over all passes since the start. */
  stop(): Promise<number>;
}

/** Passes that one set of timestamps serves. */
const PASSES = 2_048;
const BYTES_OF_TIMESTAMP = 8;

/** Timestamps of passes, two for each. */
interface Page {
  readonly device: GPUDevice;
  readonly timestamps: GPUQuerySet;
  passes: number;
}

/**
 * Times the compute passes of this process, whoever encodes them: WebGPU's own classes are changed, so it must be called
 * before any device is asked for. Null where there is no WebGPU, or no clock.
 */
export async function deviceClock(): Promise<DeviceClock | null> {
  const adapter = await navigator.gpu?.requestAdapter() ?? null;
  if (!adapter?.features.has("timestamp-query")) return null;
  const pages: Page[] = [];
  const devices = new WeakMap<GPUCommandEncoder, GPUDevice>();
  let running = false;

  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = function (descriptor = {}) {
    const features = new Set(descriptor.requiredFeatures ?? []).add("timestamp-query");
    return requestDevice.call(this, { ...descriptor, requiredFeatures: [...features] });
  };
  const { createCommandEncoder } = GPUDevice.prototype;
  GPUDevice.prototype.createCommandEncoder = function (descriptor) {
    const encoder = createCommandEncoder.call(this, descriptor);
    devices.set(encoder, this);
    return encoder;
  };
  const { beginComputePass } = GPUCommandEncoder.prototype;
  GPUCommandEncoder.prototype.beginComputePass = function (descriptor = {}) {
    if (!running) return beginComputePass.call(this, descriptor);
    const { timestamps, passes } = pageOf(pages, devices.get(this)!);
    return beginComputePass.call(this, {
      ...descriptor,
      timestampWrites: {
        querySet: timestamps,
        beginningOfPassWriteIndex: 2 * passes,
        endOfPassWriteIndex: 2 * passes + 1,
      },
    });
  };
  return {
    start() {
      running = true;
    },
    async stop() {
      running = false;
      let nanoseconds = 0;
      for (const page of pages.splice(0)) nanoseconds += await spent(page);
      return nanoseconds / 1e9;
    },
  };
}

/** A page of the device with room for a pass, which is counted. */
function pageOf(pages: Page[], device: GPUDevice): Page {
  let page = pages.findLast((page) => page.device === device);
  if (page === undefined || page.passes === PASSES) {
    const timestamps = device.createQuerySet({ type: "timestamp", count: 2 * PASSES });
    page = { device, timestamps, passes: 0 };
    pages.push(page);
  }
  return { ...page, passes: page.passes++ };
}

/** Nanoseconds of the passes of a page, which is freed. */
async function spent({ device, timestamps, passes }: Page): Promise<number> {
  const size = 2 * passes * BYTES_OF_TIMESTAMP;
  const resolved = device.createBuffer({
    size,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const read = device.createBuffer({
    size,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const encoder = device.createCommandEncoder();
  encoder.resolveQuerySet(timestamps, 0, 2 * passes, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, read, 0, size);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  const times = new BigUint64Array(read.getMappedRange());
  let sum = 0n;
  for (let i = 0; i < times.length; i += 2) sum += times[i + 1] - times[i];
  for (const each of [resolved, read, timestamps]) each.destroy();
  return Number(sum);
}
