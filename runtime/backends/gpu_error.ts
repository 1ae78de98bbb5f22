/** The GPU cannot go on: it is gone, out of memory, or refuses a kernel. What was kept of the run is kept. */
export class GpuError extends Error {
  /** The name by which tests and messages know it. */
  override readonly name = "GpuError";
  /** Whether the fault is ours, and not that of the GPU or of what was asked of it. */
  readonly ours: boolean;

  /** @param options `ours`: whether the fault is ours. */
  constructor(message: string, options: ErrorOptions & { readonly ours?: boolean } = {}) {
    super(message, options);
    this.ours = options.ours ?? false;
  }
}
