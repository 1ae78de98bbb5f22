import { InputError } from "../../dsl/error.ts";
import { list, show, suggestion } from "../../dsl/schema/words.ts";
import type { CsvSpec, ParquetSpec } from "../../dsl/spec.ts";
import type { Cell, RawTable } from "./raw_table.ts";

/** A file of named columns with a cell in every row. */
export interface CellFile {
  /** What messages call the file. */
  readonly label: string;
  readonly names: readonly string[];
  readonly rows: number;
  place(row: number): string;
  cell(row: number, column: number): Cell;
}

/**
 * The columns of a file that the spec asks for, as numbers.
 *
 * Without a list of columns all are taken but those that rows are selected and split by.
 *
 * @throws {InputError} If a column is not there or is there twice, or a cell holds no number.
 */
export function cellTable(file: CellFile, spec: CsvSpec | ParquetSpec): RawTable {
  const { label, names } = file;
  const position = (name: string, field: string): number => {
    const index = names.indexOf(name);
    if (index < 0) {
      throw new InputError(
        `Cannot read ${label}: there is no column ${JSON.stringify(name)}, only ${list(names)}` +
          suggestion(name, names),
        { field },
      );
    }
    if (names.lastIndexOf(name) !== index) {
      throw new InputError(
        `Cannot read ${label}: the name ${JSON.stringify(name)} stands above two columns`,
        { field },
      );
    }
    return index;
  };
  const keys = spec.select.map((condition) => condition.column);
  if (spec.split?.kind === "column") keys.push(spec.split.column);
  const columns = spec.columns ?? names.filter((name) => !keys.includes(name));
  const positions = columns.map((name, i) => position(name, `columns[${i}]`));
  return {
    label,
    rows: file.rows,
    eventShape: [columns.length],
    columns,
    place: file.place,
    value: (row, j) => {
      const cell = file.cell(row, positions[j]);
      const number = numberOf(cell);
      if (number !== null) return number;
      throw new InputError(
        `Cannot read ${label}: ${file.place(row)}, column ${
          JSON.stringify(columns[j])
        } must hold ` +
          `a number: found ${show(cell)}` +
          (spec.columns === null ? "; name the columns to read in `columns`" : ""),
        { field: "columns" },
      );
    },
    key: (name, field) => {
      const index = position(name, field);
      return (row) => file.cell(row, index);
    },
  };
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)inf(inity)?$/i;
const MISSING = /^(n\/?a|nan|null|none)?$/i;

/** The number that a cell holds, NaN for a missing one, null for something else. */
export function numberOf(cell: Cell): number | null {
  switch (typeof cell) {
    case "number":
      return cell;
    case "bigint":
    case "boolean":
      return Number(cell);
    case "string": {
      const text = cell.trim();
      if (DECIMAL.test(text)) return Number(text);
      const infinite = INFINITE.exec(text);
      if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
      return MISSING.test(text) ? NaN : null;
    }
    default:
      return cell === null || cell === undefined ? NaN : null;
  }
}
