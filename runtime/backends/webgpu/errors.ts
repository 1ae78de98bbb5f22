import type { Program } from "../../../graph/mod.ts";
import { GpuError, newsOfLoss } from "../gpu_error.ts";
import { firstLine, type Gpu } from "./device.ts";
import type { Arena } from "./place.ts";

/**
 * What kernels cannot be made for, or cannot hold: another backend may run it. It depends on the program, its sizes and the
 * GPU's limits, and on numbers handed in where these say how many rows a loop collects.
 */
export class UncoveredError extends GpuError {
  /** What kernels cannot do. */
  readonly why: string;

  /** @param why What kernels cannot do. */
  constructor(why: string) {
    super(`Cannot compile ${why}. ${WAY_OUT}`);
    this.why = why;
  }
}

/** Rows that a loop inside a loop collects, of a number that only its end tells: nothing here can hold them. */
export function openRowsError(): UncoveredError {
  return new UncoveredError(
    "a loop inside a loop that collects rows of a number known only when it ends",
  );
}

/** Why kernels cannot bind one of these arenas, if they cannot. */
export function tooLarge(arenas: Iterable<Arena>, { limits }: Gpu): UncoveredError | null {
  const largest = Math.max(0, ...[...arenas].map(({ size }) => size * 4));
  if (largest <= limits.bindingBytes) return null;
  const most = mebibytes(limits.bindingBytes);
  return new UncoveredError(
    `${mebibytes(largest)} in one buffer, more than the ${most} that a kernel of this GPU takes`,
  );
}

/** The way out that every message names. */
const WAY_OUT = "Use --backend cpu";

/** The GPU is gone. */
export function lostError(program: string, why: string): GpuError {
  return new GpuError(
    `Cannot go on with ${program} as the GPU was lost: ${why}. What was kept so far stays; run the same command ` +
      `again, or use --backend cpu`,
    { lost: true },
  );
}

/** What was closed runs no more. */
export function closedError({ name }: Pick<Program, "name">): Error {
  return new Error(`Cannot run ${name} as it was closed`);
}

/** A buffer that the GPU has no room for. */
export function memoryError(program: string, bytes: number): GpuError {
  return new GpuError(
    `Cannot run ${program} as the GPU has no room for ${
      mebibytes(bytes)
    } of it. ${WAY_OUT}, or take fewer samples at a time`,
  );
}

/**
 * A program that neither kernels nor what stands in for them can run.
 *
 * @param elsewhere Why that cannot, in words, or the error it ended with.
 */
export function nowhereError(program: string, why: string, elsewhere: string | Error): GpuError {
  const cause = elsewhere instanceof Error ? elsewhere : undefined;
  const found = firstLine(cause?.cause ?? elsewhere);
  return new GpuError(
    `Cannot run ${program} as there are no kernels for ${why}, and tfjs cannot run it either: ${found}. ${WAY_OUT}`,
    { cause },
  );
}

/** Bytes in words, rounded up. */
export function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

/** A kernel that the driver does not compile: our fault. */
export function compileError(program: string, title: string, problem: string): GpuError {
  return new GpuError(
    `Cannot run ${program} as the GPU's driver does not compile the kernel "${title}": ${problem}. ${WAY_OUT}`,
    { ours: true },
  );
}

/** Something that the GPU refused while it ran: our fault. */
export function refusedError(program: string, problem: string): GpuError {
  return new GpuError(`Cannot run ${program} as the GPU refused it: ${problem}. ${WAY_OUT}`, {
    ours: true,
  });
}

/**
 * Does something in error scopes, so that whatever the GPU refuses becomes one error.
 *
 * @param undo Frees what came of it, where it was refused.
 */
export async function guarded<T>(
  gpu: Gpu,
  { program, bytes }: { readonly program: string; readonly bytes: () => number },
  act: () => Promise<T>,
  undo: (result: T) => void,
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
  // Scopes of programs that run at the same time may be closed in another order: what an error is, it says itself.
  const errors: (GPUError | null)[] = [];
  for (let scope = 0; scope < 3; scope++) errors.push(await device.popErrorScope());
  errors.push(gpu.refused());
  if (failure === null && (gpu.lost() !== null || errors.some((error) => error !== null))) {
    undo(result!);
  }
  if (failure instanceof DOMException) await newsOfLoss(device);
  const lost = gpu.lost();
  if (lost !== null) throw lostError(program, lost);
  if (failure instanceof GpuError) throw failure;
  if (errors.some((error) => error instanceof GPUOutOfMemoryError)) {
    throw memoryError(program, bytes());
  }
  const problem = errors.find((error) => error !== null);
  if (problem) throw refusedError(program, firstLine(problem.message));
  if (failure instanceof DOMException) throw refusedError(program, firstLine(failure));
  if (failure !== null) throw failure;
  return result!;
}
