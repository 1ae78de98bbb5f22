import { numberOf } from "../../runtime/data/cell_table.ts";
import type { CellFile } from "../../runtime/data/cell_table.ts";
import { parseNpy } from "../../runtime/data/files/npy.ts";
import { readBytes } from "../../runtime/data/files/read_bytes.ts";
import { InputError } from "../../dsl/mod.ts";
import { arrayColumn, type Column, surveyColumn } from "./column.ts";

/** What a data file holds. */
export interface Survey {
  readonly path: string;
  readonly kind: "csv" | "parquet" | "npy" | "npz";
  readonly rows: number;
  /** Of a table its columns; of an array one that stands for all numbers. */
  readonly columns: readonly Column[];
  /** Sizes of a row of an array; null for a table. */
  readonly rowShape: readonly number[] | null;
  /** Of CSV: the character between values, and whether the first row holds names. */
  readonly csv: { readonly delimiter: string; readonly header: boolean } | null;
  /** Of an `.npz` file: the array that was looked at. */
  readonly array: string | null;
}

/**
 * Reads a data file and says what is in it.
 *
 * @throws {InputError} If it cannot be read, or its name does not end like that of a format known here.
 */
export async function surveyFile(path: string): Promise<Survey> {
  const extension = /\.(\w+)$/.exec(new URL(path, "file:///").pathname)?.[1].toLowerCase();
  const label = `'${path}'`;
  switch (extension) {
    case "csv":
    case "tsv":
    case "txt":
      return await surveyCsv(path, label);
    case "parquet": {
      const { parseParquet } = await import("../../runtime/data/files/parquet.ts");
      const file = await parseParquet(await readBytes(path), label, null);
      return { ...tableOf(file), path, kind: "parquet", rowShape: null, csv: null, array: null };
    }
    case "npy":
      return { ...arrayOf(parseNpy(await readBytes(path), label)), path, kind: "npy", array: null };
    case "npz":
      return await surveyNpz(path, label);
    default:
      throw new InputError(
        `Cannot tell what ${label} holds: name a file that ends in .csv, .tsv, .parquet, .npy or .npz`,
      );
  }
}

const DELIMITERS = [",", "\t", ";", "|"];

async function surveyCsv(path: string, label: string): Promise<Survey> {
  const { parseCsv } = await import("../../runtime/data/files/csv.ts");
  const bytes = await readBytes(path);
  const [firstLine] = new TextDecoder().decode(bytes.subarray(0, 65_536)).split(/\r?\n/);
  const count = (delimiter: string): number => firstLine.split(delimiter).length;
  const delimiter = DELIMITERS.reduce((best, d) => count(d) > count(best) ? d : best);
  const bare = parseCsv(bytes, label, { delimiter, header: false });
  const header = bare.rows > 0 &&
    bare.names.some((_, column) => numberOf(bare.cell(0, column)) === null);
  const file = header ? parseCsv(bytes, label, { delimiter, header }) : bare;
  return {
    ...tableOf(file),
    ...{ path, kind: "csv", rowShape: null, csv: { delimiter, header }, array: null },
  };
}

async function surveyNpz(path: string, label: string): Promise<Survey> {
  const { openNpz } = await import("../../runtime/data/files/npz.ts");
  const archive = openNpz(await readBytes(path), label);
  const arrays = archive.names.map((name) => ({ name, found: archive.array(name, "array") }));
  const [largest] = arrays.toSorted((a, b) => b.found.values.length - a.found.values.length);
  if (largest === undefined) throw new InputError(`${label} holds no array`);
  return { ...arrayOf(largest.found), path, kind: "npz", array: largest.name };
}

function tableOf(file: CellFile): Pick<Survey, "rows" | "columns"> {
  const columns = file.names.map((name, column) =>
    surveyColumn(name, Array.from({ length: file.rows }, (_, row) => file.cell(row, column)))
  );
  return { rows: file.rows, columns };
}

function arrayOf(
  { shape, values }: ReturnType<typeof parseNpy>,
): Pick<Survey, "rows" | "columns" | "rowShape" | "csv"> {
  const rowShape = shape.length <= 1 ? [1] : shape.slice(1);
  return { rows: shape[0] ?? 1, columns: [arrayColumn(values)], rowShape, csv: null };
}
