import { InputError } from "../../../dsl/error.ts";

/**
 * Spreads a parameter that is one number, or one for each coordinate, over all coordinates.
 *
 * @throws {InputError} If it is a list of another length.
 */
export function coordinates(
  value: number | readonly number[],
  dim: number,
  field: string,
): readonly number[] {
  if (typeof value === "number") return new Array<number>(dim).fill(value);
  if (value.length === dim) return value;
  throw new InputError(
    `${field} must be one number, or one for each of the ${dim} coordinates: found ${value.length}`,
    { field },
  );
}
