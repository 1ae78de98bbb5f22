import { parquetMetadata, parquetRead, parquetSchema } from "npm:hyparquet@1.31.5";
import { compressors } from "npm:hyparquet-compressors@1.1.2";
import { InputError } from "../../../dsl/error.ts";
import type { CellFile } from "../cell_table.ts";
import type { Cell } from "../raw_table.ts";

/**
 * Reads the columns of a Parquet file that the spec may ask for, whatever the compression.
 *
 * @param label What messages call the file.
 * @param wanted Names of the columns; null for all.
 * @throws {InputError} If the bytes are not a whole Parquet file.
 */
export async function parseParquet(
  bytes: Uint8Array<ArrayBuffer>,
  label: string,
  wanted: readonly string[] | null,
): Promise<CellFile> {
  const mark = (at: number) => String.fromCharCode(...bytes.slice(at, at + 4));
  const trouble = (found: string, cause?: unknown) =>
    new InputError(`Cannot read ${label} as Parquet: ${found}`, { field: "path", cause });
  if (mark(0) !== "PAR1") throw trouble("it does not begin with the bytes PAR1");
  if (bytes.length < 12 || mark(bytes.length - 4) !== "PAR1") {
    throw trouble("it is truncated: it does not end with the bytes PAR1");
  }
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  try {
    const metadata = parquetMetadata(file);
    const names = parquetSchema(metadata).children.map((child) => child.element.name);
    const rows = Number(metadata.num_rows);
    const columns = names.filter((name) => wanted === null || wanted.includes(name));
    const cells = new Map(columns.map((name) => [name, new Array<Cell>(rows)]));
    await parquetRead({
      file,
      metadata,
      columns,
      compressors,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const column = cells.get(columnName)!;
        for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i];
      },
    });
    return {
      label,
      names,
      rows,
      place: (row) => `row ${row} (counted from 0)`,
      cell: (row, column) => cells.get(names[column])![row],
    };
  } catch (error) {
    throw trouble(
      `it is damaged, or of a kind not known here (${(error as Error).message})`,
      error,
    );
  }
}
