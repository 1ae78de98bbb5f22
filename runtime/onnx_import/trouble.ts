import { InputError } from "../../dsl/error.ts";

/** Makes the error about a file: what about it cannot be used, and what is accepted. */
export type Trouble = (found: string, options?: { field?: string; cause?: unknown }) => InputError;

/** Errors about the ONNX file that messages call `label`. */
export function troubleWith(label: string): Trouble {
  return (found, { field = "path", cause } = {}) =>
    new InputError(`Cannot use ${label} as a velocity: ${found}`, { field, cause });
}
