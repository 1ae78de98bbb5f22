import { InputError } from "../../dsl/error.ts";
import { show } from "../../dsl/schema/words.ts";
import type { SelectSpec } from "../../dsl/spec.ts";
import type { Cell, RawTable } from "./raw_table.ts";

/**
 * Whether a cell holds a value, whole: a number matches text that reads as that number. A moment in time matches its ISO
 * text, such as "2012-01-31T09:00:00.000Z"; one at midnight also matches its day, "2012-01-31".
 */
export function matches(cell: Cell, value: string | number): boolean {
  if (cell === null || cell === undefined) return false;
  if (cell instanceof Date) {
    const text = cell.toISOString();
    return value === text || `${value}T00:00:00.000Z` === text;
  }
  if (String(cell) === String(value)) return true;
  return typeof value === "number" && String(cell).trim() !== "" && Number(cell) === value;
}

/**
 * The rows that meet all conditions, in the order of the file.
 *
 * @throws {InputError} If a column is not there, or no row is left.
 */
export function selectRows(table: RawTable, select: readonly SelectSpec[]): number[] {
  let rows = Array.from({ length: table.rows }, (_, row) => row);
  if (rows.length === 0) {
    throw new InputError(`Cannot read ${table.label}: it holds no rows`, { field: "path" });
  }
  select.forEach(({ column, equals }, i) => {
    const cell = table.key(column, `select[${i}].column`);
    rows = rows.filter((row) => matches(cell(row), equals));
    if (rows.length === 0) {
      throw new InputError(
        `Cannot read ${table.label}: no row has ${show(equals)} in column ${show(column)}` +
          (i > 0 ? " and meets the conditions before it" : ""),
        { field: `select[${i}].equals` },
      );
    }
  });
  return rows;
}
