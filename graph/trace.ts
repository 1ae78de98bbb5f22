import { input } from "./build/leaf.ts";
import { asExpression } from "./build/leaf.ts";
import type { DType, Expression, Shape, Value } from "./types.ts";

/** An argument of a function that is traced. */
export interface TraceArgument {
  /** The name of the input. */
  readonly name: string;
  /** Its sizes. */
  readonly shape: Shape;
  /** What its elements are; f32 by default. */
  readonly dtype?: DType;
}

/**
 * What a function computes, as an expression of inputs with these names.
 *
 * @throws {TypeError} If the function returns neither an expression nor a number.
 */
export function trace(
  fn: (...args: Expression[]) => Value,
  args: readonly TraceArgument[],
): Expression {
  const value: unknown = fn(...args.map(({ name, shape, dtype }) => input(name, shape, dtype)));
  if (typeof value !== "number" && !isExpression(value)) {
    throw new TypeError(
      `Cannot trace a function that returns ${value === null ? "null" : typeof value}: ` +
        `it must return an expression or a number`,
    );
  }
  return asExpression(value);
}

/** Whether a value is an expression. */
export function isExpression(value: unknown): value is Expression {
  return typeof value === "object" && value !== null && "op" in value && "inputs" in value &&
    "attributes" in value;
}
