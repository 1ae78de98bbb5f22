import { fileURLToPath } from "node:url";
import type { ArraySpec, CsvSpec, NpySpec, NpzSpec, ParquetSpec } from "../../../dsl/spec.ts";

/** The folder of the files that the tests read. */
export const FIXTURES: string = fileURLToPath(
  new URL("../../fixtures/data/", import.meta.url),
);

const ROWS = { dim: null, standardize: false, dequantize: null, split: null } as const;
const CELLS = { ...ROWS, columns: null, missing: "reject", select: [] } as const;

/** A spec of a fixture, as plain as it can be but for what a test changes. */
export function npy(path: string, changes: Partial<NpySpec> = {}): NpySpec {
  return { ...ROWS, kind: "npy", path, ...changes };
}

/** As {@linkcode npy}, for `.npz` files. */
export function npz(path: string, changes: Partial<NpzSpec> = {}): NpzSpec {
  return { ...ROWS, kind: "npz", path, array: "x", select: [], ...changes };
}

/** As {@linkcode npy}, for CSV files. */
export function csv(path: string, changes: Partial<CsvSpec> = {}): CsvSpec {
  return { ...CELLS, kind: "csv", path, delimiter: ",", header: true, ...changes };
}

/** As {@linkcode npy}, for Parquet files. */
export function parquet(path: string, changes: Partial<ParquetSpec> = {}): ParquetSpec {
  return { ...CELLS, kind: "parquet", path, ...changes };
}

/** Rows held in the spec. */
export function array(
  rows: readonly (readonly number[])[],
  changes: Partial<ArraySpec> = {},
): ArraySpec {
  const values = Float32Array.from(rows.flat());
  const data = new Uint8Array(values.buffer).toBase64();
  return { ...ROWS, kind: "array", shape: [rows.length, rows[0].length], data, ...changes };
}
