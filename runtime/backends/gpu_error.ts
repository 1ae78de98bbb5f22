/** The GPU cannot go on: it is gone, out of memory, or refuses a kernel. What was kept of the run is kept. */
export class GpuError extends Error {
  /** The name by which tests and messages know it. */
  override readonly name = "GpuError";
  /** Whether the fault is ours, and not that of the GPU or of what was asked of it. */
  readonly ours: boolean;
  /** Whether the GPU is gone. */
  readonly lost: boolean;

  /** @param options `ours`: whether the fault is ours; `lost`: whether the GPU is gone. */
  constructor(
    message: string,
    options: ErrorOptions & { readonly ours?: boolean; readonly lost?: boolean } = {},
  ) {
    super(message, options);
    this.ours = options.ours ?? false;
    this.lost = options.lost ?? false;
  }
}

/** Milliseconds in which a device that fails says that it is lost, if it is. */
const NEWS = 100;

/** Waits for word of a loss: what was asked of the device may fail before that comes. */
export async function newsOfLoss({ lost }: GPUDevice): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, NEWS);
  await Promise.race([lost, promise]);
  clearTimeout(timer);
}
