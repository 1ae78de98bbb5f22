import { InputError } from "../dsl/error.ts";
import { GpuError } from "../runtime/backends/gpu_error.ts";
import { permissionIn } from "../runtime/permission.ts";
import { CheckFailed, Interrupted } from "../runtime/outcome.ts";

/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** A check failed: a loss that is not finite, a number that moved. */
  checkFailed: 1,
  /** The user's input. */
  input: 2,
  /** A fault of ours. */
  fault: 3,
  /** Stopped by Ctrl-C, as shells count it: 128 + SIGINT. */
  interrupted: 130,
} as const;

/** What to print of an error, and the code to exit with; a stack trace only for a fault of ours. */
export function failureOf(error: unknown): { message: string; code: number } {
  if (error instanceof InputError) return { message: error.message, code: EXIT.input };
  if (error instanceof CheckFailed) return { message: error.message, code: EXIT.checkFailed };
  if (error instanceof Interrupted) return { message: error.message, code: EXIT.interrupted };
  if (error instanceof GpuError) {
    return { message: error.message, code: error.ours ? EXIT.fault : EXIT.input };
  }
  const permission = permissionIn(error);
  if (permission !== null) return { message: permission, code: EXIT.input };
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  return {
    message:
      `This is a fault of pushforward, not of your input. Please report it with this:\n${stack}`,
    code: EXIT.fault,
  };
}
