import { build } from "../build.ts";
import * as schema from "../schema/data_sets.ts";
import type { CsvSpec, Missing, NpySpec, NpzSpec, ParquetSpec } from "../spec/data.ts";
import {
  type DataSetOptions,
  type FractionsSplitOptions,
  type NamedColumnsOptions,
  splitSpec,
} from "./options.ts";
import type { Data } from "./source.ts";

/** Settings of {@link npy}. */
export interface NpyOptions<D extends number = number> extends DataSetOptions<D> {
  /** The file; a relative path is relative to the working folder. */
  readonly path: string | URL;
  /** How rows are divided. Default: every row serves for everything. */
  readonly split?: FractionsSplitOptions | null;
}

/** Settings of {@link npz}. */
export interface NpzOptions<D extends number = number>
  extends DataSetOptions<D>, NamedColumnsOptions {
  /** The file; a relative path is relative to the working folder. */
  readonly path: string | URL;
  /** Name of the array in the file. */
  readonly array: string;
}

/** Settings of {@link parquet}. */
export interface ParquetOptions<C extends readonly string[] = readonly string[]>
  extends DataSetOptions<C["length"]>, NamedColumnsOptions {
  /** The file; a relative path is relative to the working folder. */
  readonly path: string | URL;
  /** Columns to read, by name. Default all. */
  readonly columns?: C | null;
  /** What to do with a missing value. Default "reject". */
  readonly missing?: Missing;
}

/** Settings of {@link csv}. */
export interface CsvOptions<C extends readonly string[] = readonly string[]>
  extends ParquetOptions<C> {
  /** Character between values. Default ",". */
  readonly delimiter?: string;
  /** Whether the first row holds names. Default true; without, columns are "0", "1", ... */
  readonly header?: boolean;
}

/**
 * Rows of a NumPy `.npy` file; axes after the first are flattened.
 *
 * The file is read when the pipeline runs: a missing or malformed file is reported then.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * const points = data.npy({ path: "points.npy", dim: 2, split: { train: 0.8, test: 0.2 } });
 * assert.equal(points.split?.validation, 0);
 * ```
 */
export function npy<const D extends number = number>(
  options: NpyOptions<D>,
): Data<NpySpec, NoInfer<D>> {
  return build("data.npy", schema.npy, {
    kind: "npy",
    ...options,
    path: String(options.path),
    split: splitSpec(options.split),
  });
}

/**
 * Rows of one array of a NumPy `.npz` file; other arrays of the same length can select and split.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example The images of one digit
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * const threes = data.npz({
 *   path: "digits.npz",
 *   array: "images",
 *   dim: 64,
 *   select: [{ column: "labels", equals: 3 }],
 * });
 * assert.equal(threes.dim, 64);
 * ```
 */
export function npz<const D extends number = number>(
  options: NpzOptions<D>,
): Data<NpzSpec, NoInfer<D>> {
  return build("data.npz", schema.npz, {
    kind: "npz",
    ...options,
    path: String(options.path),
    split: splitSpec(options.split),
  });
}

/**
 * Rows of a CSV file.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example Two columns of mixed units
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * const weather = data.csv({
 *   path: "weather.csv",
 *   columns: ["temp_max", "wind"],
 *   standardize: true,
 *   split: { train: 0.8, test: 0.2, seed: 1 },
 * });
 * assert.equal(weather.dim, 2);
 * ```
 */
export function csv<const C extends readonly string[] = readonly string[]>(
  options: CsvOptions<C>,
): Data<CsvSpec, C["length"]> {
  return build("data.csv", schema.csv, {
    kind: "csv",
    ...options,
    path: String(options.path),
    split: splitSpec(options.split),
  });
}

/**
 * Rows of a Parquet file.
 *
 * @throws {InputError} If a setting is out of its range.
 *
 * @example Day 0 of a time course
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * const day0 = data.parquet({
 *   path: "cells.parquet",
 *   columns: ["x1", "x2"],
 *   select: [{ column: "day", equals: 0 }],
 * });
 * assert.equal(day0.missing, "reject");
 * ```
 */
export function parquet<const C extends readonly string[] = readonly string[]>(
  options: ParquetOptions<C>,
): Data<ParquetSpec, C["length"]> {
  return build("data.parquet", schema.parquet, {
    kind: "parquet",
    ...options,
    path: String(options.path),
    split: splitSpec(options.split),
  });
}
