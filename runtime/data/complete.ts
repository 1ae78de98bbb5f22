import { InputError } from "../../dsl/error.ts";
import { show } from "../../dsl/schema/words.ts";
import type { Missing } from "../../dsl/spec.ts";
import type { RawTable } from "./raw_table.ts";

/** How messages call value j of a row. */
export function columnName(table: RawTable, j: number): string {
  return `column ${show(table.columns?.[j] ?? j)}`;
}

/** The largest float32, in which models see the values and samples come back. */
const LARGEST = 2 ** 128 - 2 ** 104;

/**
 * The values of some rows, row-major. A missing value stops it, drops its row, or is left NaN for the
 * mean of train, as `missing` says.
 *
 * @returns The rows that were kept, and their values, [kept rows, dim].
 * @throws {InputError} If a value is infinite, too large for float32, is no number, or is missing where it must not be.
 */
export function completeRows(
  table: RawTable,
  rows: readonly number[],
  missing: Missing,
): { rows: number[]; values: Float64Array } {
  const dim = table.eventShape.reduce((product, size) => product * size, 1);
  const values = new Float64Array(rows.length * dim);
  const kept: number[] = [];
  for (const row of rows) {
    const at = kept.length * dim;
    let complete = true;
    for (let j = 0; j < dim; j++) {
      const value = table.value(row, j);
      values[at + j] = value;
      if (Math.abs(value) <= LARGEST) continue;
      complete = false;
      if (Number.isNaN(value) && missing !== "reject") continue;
      const rule = Number.isFinite(value)
        ? "at most 3.4e38 in size, the end of 32-bit numbers"
        : "a finite number";
      throw new InputError(
        `Cannot read ${table.label}: ${table.place(row)}, ${columnName(table, j)} must be ` +
          `${rule}: found ${Number.isNaN(value) ? "a missing value or NaN" : value}`,
        { field: "path" },
      );
    }
    if (complete || missing !== "drop") kept.push(row);
  }
  if (kept.length === 0) {
    throw new InputError(`Cannot read ${table.label}: every row has a missing value`, {
      field: "missing",
    });
  }
  return { rows: kept, values: values.subarray(0, kept.length * dim) };
}

/**
 * Puts the mean of train where a value is NaN.
 *
 * @param train Positions of the train rows in `values`.
 * @throws {InputError} If train has no value in such a column.
 */
export function fillWithMeans(
  table: RawTable,
  values: Float64Array,
  train: readonly number[],
): void {
  const dim = table.eventShape.reduce((product, size) => product * size, 1);
  for (let j = 0; j < dim; j++) {
    let [sum, count] = [0, 0];
    for (const row of train) {
      const value = values[row * dim + j];
      if (!Number.isNaN(value)) [sum, count] = [sum + value, count + 1];
    }
    for (let i = j; i < values.length; i += dim) {
      if (!Number.isNaN(values[i])) continue;
      if (count === 0) {
        throw new InputError(
          `Cannot read ${table.label}: ${columnName(table, j)} has no value at all in the train ` +
            "part, so its mean is not known",
          { field: "missing" },
        );
      }
      values[i] = sum / count;
    }
  }
}
