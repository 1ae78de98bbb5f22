import { CsvError, parse } from "npm:csv-parse@7.0.3/sync";
import { InputError } from "../../../dsl/error.ts";
import type { CellFile } from "../cell_table.ts";

/**
 * Reads the text of a CSV file (RFC 4180: quotes, doubled quotes and line ends inside them).
 *
 * Blank lines are passed over, but in a file of one column, where they are empty cells below the header.
 *
 * @param label What messages call the file.
 * @throws {InputError} If it is not UTF-8, a row has another length than the first, or a quote stays open.
 */
export function parseCsv(
  bytes: Uint8Array,
  label: string,
  { delimiter, header }: { readonly delimiter: string; readonly header: boolean },
): CellFile {
  const trouble = (found: string, cause?: unknown) =>
    new InputError(`Cannot read ${label} as CSV: ${found}`, { field: "path", cause });
  let lines: number[] = [];
  let records: string[][];
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const read = (skipBlank: boolean): string[][] => {
      lines = [];
      // The parser would count a line end of two characters twice inside quotes.
      return parse(text.replaceAll("\r\n", "\n"), {
        bom: true,
        delimiter,
        skip_empty_lines: skipBlank,
        relax_column_count: true, // counted below, where the line is known
        on_record: (record, { lines: line }) => {
          lines.push(line);
          return record;
        },
      });
    };
    records = read(true);
    if (records.length > 0 && records.every((record) => record.length === 1)) {
      records = read(false);
      while (header && records[0][0] === "") {
        records.shift();
        lines.shift();
      }
    }
  } catch (error) {
    if (error instanceof CsvError) throw trouble(error.message, error);
    if (error instanceof TypeError) throw trouble("it is not text in UTF-8", error);
    throw error;
  }
  const width = records[0]?.length ?? 0;
  records.forEach((record, i) => {
    if (record.length === width) return;
    throw trouble(
      `line ${lines[i]} has ${record.length} values, and the first line has ${width}: ` +
        `is the delimiter ${JSON.stringify(delimiter)} right, and are values that hold it quoted?`,
    );
  });
  const skipped = header ? 1 : 0;
  const names = header ? records[0] ?? [] : Array.from({ length: width }, (_, i) => `${i}`);
  return {
    label,
    names: names.map((name) => name.trim()),
    rows: Math.max(0, records.length - skipped),
    place: (row) => `line ${lines[row + skipped]}`,
    cell: (row, column) => records[row + skipped][column],
  };
}
