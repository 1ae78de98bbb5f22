import { InputError } from "../dsl/mod.ts";
import { nearest } from "../graph/nearest.ts";

/**
 * A word that must be one of some.
 *
 * @throws {InputError} If it is not, with the nearest that is.
 */
export function oneOf<T extends string>(field: string, value: T, accepted: readonly T[]): T {
  if (accepted.includes(value)) return value;
  const meant = nearest(String(value), accepted);
  throw new InputError(
    `${field} must be one of ${accepted.join(", ")}, found '${value}'` +
      (meant === undefined ? "" : `: did you mean '${meant}'?`),
    { field },
  );
}
