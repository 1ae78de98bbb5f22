import type { SelectSpec } from "../spec/data.ts";

/** Rows divided at random: fractions of the rows, at most 1 together. */
export interface FractionsSplitOptions {
  /** Fraction of the rows to train on. */
  readonly train: number;
  /** Fraction of the rows to watch while training. Default 0. */
  readonly validation?: number;
  /** Fraction of the rows to measure on. Default 0. */
  readonly test?: number;
  /** Seed of the permutation. Default 0. */
  readonly seed?: number;
}

/** Rows divided by the value of a column. */
export interface ColumnSplitOptions {
  /** Name of the column (of another array of the same length, in an .npz file). */
  readonly column: string;
  /** Values of the rows to train on. */
  readonly train: readonly (string | number)[];
  /** Values of the rows to watch while training. Default none. */
  readonly validation?: readonly (string | number)[];
  /** Values of the rows to measure on. Default none. */
  readonly test?: readonly (string | number)[];
}

/** Settings of every data set of rows of D numbers. */
export interface DataSetOptions<D extends number = number> {
  /** Numbers in a row, when it is to be known before the file is read. */
  readonly dim?: D;
  /** Whether each column is brought to mean 0 and standard deviation 1. Default false. */
  readonly standardize?: boolean;
  /** Distance between the levels of quantised data, such as 1 for integers. Default none. */
  readonly dequantize?: number | null;
  /** Licence of the data, such as CC0-1.0; exported models carry it along. Default: not stated. */
  readonly licence?: string;
}

/** Settings of every data set whose columns have names. */
export interface NamedColumnsOptions {
  /** Conditions that a row must meet, all of them. Default none. */
  readonly select?: readonly SelectSpec[];
  /** How rows are divided. Default: every row serves for everything. */
  readonly split?: FractionsSplitOptions | ColumnSplitOptions | null;
}

/** The split that options stand for, before its defaults are filled in. */
export function splitSpec(
  options: FractionsSplitOptions | ColumnSplitOptions | null | undefined,
): { kind: "fractions" | "column" } | null {
  if (options === null || options === undefined) return null;
  return { kind: "column" in options ? "column" : "fractions", ...options };
}
