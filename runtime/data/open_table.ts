import type { DataSetSpec } from "../../dsl/spec.ts";
import { InputError } from "../../dsl/error.ts";
import { cellTable } from "./cell_table.ts";
import { decodeArray } from "./files/array.ts";
import { parseNpy } from "./files/npy.ts";
import { readBytes } from "./files/read_bytes.ts";
import { arrayTable, type RawTable } from "./raw_table.ts";

/** Reads the file of a spec, whatever its format; third-party readers are loaded when needed. */
export async function openTable(spec: DataSetSpec, base?: string): Promise<RawTable> {
  if (spec.kind === "array") return arrayTable(decodeArray(spec), "the array", noKeys);
  const label = `'${spec.path}'`;
  const bytes = await readBytes(spec.path, base);
  switch (spec.kind) {
    case "npy":
      return arrayTable(parseNpy(bytes, label), label, noKeys);
    case "npz": {
      const { openNpz } = await import("./files/npz.ts");
      const archive = openNpz(bytes, label);
      return arrayTable(archive.array(spec.array, "array"), label, archive.array);
    }
    case "csv": {
      const { parseCsv } = await import("./files/csv.ts");
      return cellTable(parseCsv(bytes, label, spec), spec);
    }
    case "parquet": {
      const { parseParquet } = await import("./files/parquet.ts");
      return cellTable(await parseParquet(bytes, label, wantedColumns(spec)), spec);
    }
    default:
      return spec satisfies never;
  }
}

/** The columns that are read from a file that can leave others out; null for all. */
function wantedColumns({ columns, select, split }: Extract<DataSetSpec, { kind: "parquet" }>):
  | readonly string[]
  | null {
  if (columns === null) return null;
  const keys = select.map((condition) => condition.column);
  return [...columns, ...keys, ...(split?.kind === "column" ? [split.column] : [])];
}

/** Arrays without names have nothing to select and split rows by; their specs cannot ask for it. */
function noKeys(name: string, field: string): never {
  throw new InputError(`${field} names ${JSON.stringify(name)}, and an array has no columns`, {
    field,
  });
}
