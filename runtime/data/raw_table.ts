import { InputError } from "../../dsl/error.ts";
import type { NumericArray } from "./files/npy.ts";

/** What a cell of a file may hold. */
export type Cell = string | number | bigint | boolean | Date | null | undefined | object;

/** A file as it was read: rows of values, and cells to select and split rows by. */
export interface RawTable {
  /** What messages call the file. */
  readonly label: string;
  readonly rows: number;
  /** Sizes of a row. */
  readonly eventShape: readonly number[];
  /** Names of the values of a row, where they have names. */
  readonly columns: readonly string[] | null;
  /** Where a row stands, as a message says it: `line 7` or `row 6 (counted from 0)`. */
  place(row: number): string;
  /**
   * Value j of a row; NaN where it is missing.
   *
   * @throws {InputError} If the cell holds something other than a number.
   */
  value(row: number, j: number): number;
  /**
   * The cells of the column that the spec's `field` names.
   *
   * @throws {InputError} If there is none of that name.
   */
  key(name: string, field: string): (row: number) => Cell;
}

/** Rows of an array; `keys` are other arrays of as many rows. */
export function arrayTable(
  { shape, values }: NumericArray,
  label: string,
  keys: (name: string, field: string) => NumericArray,
): RawTable {
  if (shape.length === 0) {
    throw new InputError(`Cannot read ${label}: it holds a single number, and rows are needed`, {
      field: "path",
    });
  }
  const eventShape = shape.length === 1 ? [1] : shape.slice(1);
  const dim = eventShape.reduce((product, size) => product * size, 1);
  return {
    label,
    rows: shape[0],
    eventShape,
    columns: null,
    place: (row) => `row ${row} (counted from 0)`,
    value: (row, j) => values[row * dim + j],
    key: (name, field) => {
      const array = keys(name, field);
      if (array.shape.length !== 1 || array.shape[0] !== shape[0]) {
        throw new InputError(
          `Cannot read ${label}: ${field} names the array ${
            JSON.stringify(name)
          }, which must have ` +
            `one value for each of the ${shape[0]} rows: its shape is [${array.shape}]`,
          { field },
        );
      }
      return (row) => array.values[row];
    },
  };
}
