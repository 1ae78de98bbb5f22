import { firstLine, type Gpu } from "./device.ts";

/** The GPU cannot go on: it is gone, out of memory, or refuses a kernel. What was kept of the run is kept. */
export class GpuError extends Error {
  /** The name by which tests and messages know it. */
  override readonly name = "GpuError";
}

/** The way out that every message names. */
const WAY_OUT = "Use --backend cpu";

/** The GPU is gone. */
export function lostError(program: string, why: string): GpuError {
  return new GpuError(
    `Cannot go on with ${program} as the GPU was lost: ${why}. What was kept so far stays; run the same command ` +
      `again, or use --backend cpu`,
  );
}

/** A buffer that the GPU has no room for. */
export function memoryError(program: string, bytes: number): GpuError {
  const size = `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  return new GpuError(
    `Cannot run ${program} as the GPU has no room for ${size} of it. ${WAY_OUT}, or take fewer samples at a time`,
  );
}

/** A kernel that the driver does not compile: our fault. */
export function compileError(program: string, title: string, problem: string): GpuError {
  return new GpuError(
    `Cannot run ${program} as the GPU's driver does not compile the kernel "${title}": ${problem}. ${WAY_OUT}`,
  );
}

/** Something that the GPU refused while it ran. */
export function refusedError(program: string, problem: string): GpuError {
  return new GpuError(`Cannot run ${program} as the GPU refused it: ${problem}. ${WAY_OUT}`);
}

/** Does something in error scopes, so that whatever the GPU refuses becomes one error. */
export async function guarded<T>(
  gpu: Gpu,
  { program, bytes }: { readonly program: string; readonly bytes: () => number },
  act: () => Promise<T>,
): Promise<T> {
  const gone = gpu.lost();
  if (gone !== null) throw lostError(program, gone);
  const { device } = gpu;
  device.pushErrorScope("internal");
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  let result: T | undefined;
  let failure: unknown = null;
  try {
    result = await act();
  } catch (error) {
    failure = error ?? new Error("nothing was thrown");
  }
  const validation = await device.popErrorScope();
  const memory = await device.popErrorScope();
  const internal = await device.popErrorScope();
  const lost = gpu.lost();
  if (lost !== null) throw lostError(program, lost);
  if (failure instanceof GpuError) throw failure;
  if (memory !== null) throw memoryError(program, bytes());
  const problem = validation ?? internal;
  if (problem !== null) throw refusedError(program, firstLine(problem.message));
  if (failure !== null) throw failure;
  return result!;
}
