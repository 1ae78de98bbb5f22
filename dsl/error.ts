/**
 * A mistake in what the user gave: a spec, an argument, a file. Commands print its message alone,
 * without a stack trace, and exit with code 2.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const error = new InputError("training.steps must be at least 1: found -5", {
 *   field: "training.steps",
 * });
 * assert.equal(error.field, "training.steps");
 * ```
 */
export class InputError extends Error {
  /** Always `"InputError"`. */
  override readonly name: string = "InputError";
  /** Path of the field at fault, such as `"training.steps"`, when there is one. */
  readonly field: string | undefined;

  /**
   * Makes an error for people to read.
   *
   * @param message What was being done, the rule, and what was found.
   * @param options The field at fault and the error that led here, when known.
   */
  constructor(message: string, options: { field?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.field = options.field;
  }
}
