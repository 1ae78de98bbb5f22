/** Values of a file while it is read: whole numbers that shapes are computed from, and tensors. */
import { constant, evaluate, type Expression, inputsOf } from "../../graph/mod.ts";
import type { Count } from "./count.ts";

/** A tensor of numbers or truth values that the network computes. */
export interface Tensor {
  readonly kind: "tensor";
  readonly y: Expression;
}

/** Whole numbers or truth values (0 and 1) that do not depend on data, row-major. */
export interface Whole {
  readonly kind: "whole";
  readonly bool: boolean;
  readonly shape: readonly number[];
  readonly counts: readonly Count[];
}

/** A value of the file. */
export type Value = Tensor | Whole;

/** An expression as a value. */
export function tensor(y: Expression): Tensor {
  return { kind: "tensor", y };
}

/** Whole numbers as a value; a vector unless `shape` says otherwise. */
export function whole(
  counts: readonly Count[],
  shape: readonly number[] = [counts.length],
  bool = false,
): Whole {
  return { kind: "whole", bool, shape, counts };
}

/** Real numbers up to this many are computed beforehand where the file asks for their values. */
const FOLDED = 4096;

/** The real numbers that a value is, or null where it depends on data or on the number of rows. */
export function numbersOf(value: Value): readonly number[] | null {
  if (value.kind === "whole") {
    return value.counts.every((count) => typeof count === "number") ? value.counts : null;
  }
  const { y } = value;
  const elements = y.shape.reduce<number>((n, dim) => n * Number(dim), 1);
  if (!(elements <= FOLDED) || inputsOf([y]).length > 0) return null;
  return [...evaluate([y], {})[0].data];
}

/** The whole numbers that a value is, or null where it depends on data. */
export function wholeOf(value: Value): Whole | null {
  if (value.kind === "whole") return value;
  const numbers = numbersOf(value);
  const { shape, dtype } = value.y;
  return numbers && whole(numbers.map(Math.trunc), shape as number[], dtype === "bool");
}

/** A value as an expression: whole numbers become real ones, truth values stay such. */
export function expressionOf(value: Value): Expression {
  if (value.kind === "tensor") return value.y;
  const numbers = numbersOf(value);
  if (numbers !== null) return constant(numbers, value.shape, value.bool ? "bool" : "f32");
  throw new RangeError("a row of the result would depend on how many rows there are");
}
