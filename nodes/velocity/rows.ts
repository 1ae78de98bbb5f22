import { constant, type Expression } from "../../graph/mod.ts";

/** A number for each coordinate, from one for all or one for each. */
export function perCoordinate(value: number | readonly number[], dim: number): readonly number[] {
  return typeof value === "number" ? Array<number>(dim).fill(value) : value;
}

/** Values as one row, [1, length], to broadcast against samples. */
export function row(values: readonly number[]): Expression {
  return constant(values, [1, values.length]);
}
