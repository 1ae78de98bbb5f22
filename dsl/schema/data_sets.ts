import { z } from "npm:zod@4.6.7";
import type {
  ArraySpec,
  ColumnSplitSpec,
  CsvSpec,
  FractionsSplitSpec,
  NpySpec,
  NpzSpec,
  ParquetSpec,
  SelectSpec,
  SplitSpec,
} from "../spec/data.ts";
import { flag, listOf, oneOf, real, text, whole } from "./fields.ts";
import { kinds, record, type Report, type Together } from "./record.ts";
import { list, must } from "./words.ts";

const scalar: z.ZodType<string | number> = z.union(
  [z.string(), real()],
  must("text or a number"),
);

const fraction = real({ atLeast: 0, atMost: 1 });

const fractions: z.ZodObject = record<FractionsSplitSpec>(
  "split.fractions",
  "Rows divided at random by a seed.",
  {
    kind: z.literal("fractions"),
    train: real({ above: 0, atMost: 1 }).describe("Fraction of the rows to train on."),
    validation: fraction.default(0).describe("Fraction of the rows to watch while training."),
    test: fraction.default(0).describe("Fraction of the rows to measure on."),
    seed: whole(0).default(0).describe("Seed of the permutation."),
  },
  {
    check: ({ train, validation, test }, report) => {
      const sum = Number((train + validation + test).toPrecision(12)); // 0.55 + 0.34 + 0.11 is above 1
      if (sum > 1) report([], `must have fractions that sum to at most 1: found ${sum}`);
    },
  },
);

const values = listOf(scalar, 0, "a list of values of the column");

const column: z.ZodObject = record<ColumnSplitSpec>(
  "split.column",
  "Rows divided by the value of a column.",
  {
    kind: z.literal("column"),
    column: text("the name of a column").describe("Name of the column."),
    train: listOf(scalar, 1, "a list of values of the column, at least one")
      .describe("Values of the rows to train on."),
    validation: values.default([]).describe("Values of the rows to watch while training."),
    test: values.default([]).describe("Values of the rows to measure on."),
  },
  {
    check: ({ train, validation, test }, report) => {
      const all = [...train, ...validation, ...test].map(String);
      const twice = all.filter((name, i) => all.indexOf(name) !== i);
      if (twice.length === 0) return;
      report([], `must name each value of the column once: found ${list(twice)} more than once`);
    },
  },
);

const splitDescription = "How rows are divided; null if every row serves for everything.";
const path = text("the path or URL of a file").describe("Path or URL of the file.");
const names = listOf(text("the name of a column"), 1, "a list of names of columns, or null");

const common = {
  dim: whole(1).nullable().default(null)
    .describe("Numbers in a row; null until the file is read."),
  standardize: flag().default(false)
    .describe("Whether each column is brought to mean 0 and standard deviation 1."),
  dequantize: real({ above: 0 }).nullable().default(null)
    .describe("Distance between the levels of quantised data; null if they are not quantised."),
  licence: text("the licence of the data, such as CC0-1.0").optional()
    .describe("Licence of the data; exported models carry it along."),
};

const byFractions: z.ZodType<FractionsSplitSpec | null> = kinds<FractionsSplitSpec>([fractions])
  .nullable().default(null).describe(splitDescription);

const withColumns = {
  select: z.array(
    record<SelectSpec>("select", "A row is kept if the column has this value.", {
      column: text("the name of a column").describe("Name of the column."),
      equals: scalar.describe("The value asked for."),
    }) as unknown as z.ZodType<SelectSpec>,
    must("a list of conditions"),
  ).default([]).describe("Conditions that a row must meet, all of them."),
  split: kinds<SplitSpec>([fractions, column]).nullable().default(null)
    .describe(splitDescription),
};

const missing = oneOf(["reject", "drop", "mean"]).default("reject")
  .describe("What to do with a missing value.");

/** The number of coordinates follows from named columns, and must agree with them. */
function fromColumns<T extends CsvSpec | ParquetSpec>(): Together<T> {
  return {
    complete: (spec) => ({ ...spec, dim: spec.dim ?? spec.columns?.length ?? null }),
    check: ({ dim, columns }, report) => {
      if (columns === null) return;
      if (dim !== columns.length) {
        report(["dim"], `must be the number of columns, ${columns.length}: found ${dim}`);
      }
      const twice = columns.find((name, i) => columns.indexOf(name) !== i);
      if (twice === undefined) return;
      report(["columns"], `must name each column once: found ${list([twice])} twice`);
    },
  };
}

/** Schema of an .npy file. */
export const npy: z.ZodObject = record<NpySpec>("data.npy", "Rows of a NumPy .npy file.", {
  kind: z.literal("npy"),
  path,
  ...common,
  split: byFractions,
});

/** Schema of an array in an .npz file. */
export const npz: z.ZodObject = record<NpzSpec>(
  "data.npz",
  "Rows of an array of a NumPy .npz file.",
  {
    kind: z.literal("npz"),
    path,
    array: text("the name of an array").describe("Name of the array in the file."),
    ...common,
    ...withColumns,
  },
);

/** Schema of a CSV file. */
export const csv: z.ZodObject = record<CsvSpec>("data.csv", "Rows of a CSV file.", {
  kind: z.literal("csv"),
  path,
  columns: names.nullable().default(null).describe("Columns to read; null for all."),
  delimiter: z.string(must("one character")).length(1, must("one character")).default(",")
    .describe("Character between values."),
  header: flag().default(true).describe("Whether the first row holds names."),
  missing,
  ...common,
  ...withColumns,
}, fromColumns());

/** Schema of a Parquet file. */
export const parquet: z.ZodObject = record<ParquetSpec>("data.parquet", "Rows of a Parquet file.", {
  kind: z.literal("parquet"),
  path,
  columns: names.nullable().default(null).describe("Columns to read; null for all."),
  missing,
  ...common,
  ...withColumns,
}, fromColumns());

/** The numbers in one row of an array. */
function rowSize(shape: readonly number[]): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

/** The bytes that base64 text stands for; undefined if it is not base64. */
function base64Bytes(data: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(data, { lastChunkHandling: "strict" });
  } catch {
    return undefined;
  }
}

/** Reports values that do not fill the shape, or are not finite. */
function checkValues({ dim, shape, data }: ArraySpec, report: Report): void {
  const columns = rowSize(shape);
  if (dim !== columns) report(["dim"], `must be the numbers in a row, ${columns}: found ${dim}`);
  const bytes = base64Bytes(data);
  if (bytes === undefined) return report(["data"], "must be float32 values in base64");
  const [count, found] = [shape[0] * columns, bytes.length / 4];
  if (count !== found) {
    return report(["data"], `must hold ${count} values for the shape [${shape}]: found ${found}`);
  }
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) {
    const value = view.getFloat32(4 * i, true);
    if (Number.isFinite(value)) continue;
    return report(["data"], `must hold finite numbers: value ${i} is ${value}`);
  }
}

/** Schema of rows held in the spec. */
export const array: z.ZodObject = record<ArraySpec>("data.array", "Rows held in the spec itself.", {
  kind: z.literal("array"),
  shape: listOf(whole(1), 1, "a list of sizes, rows first").describe("Sizes, rows first."),
  data: z.string(must("float32 values in base64"))
    .describe("Little-endian float32 values in row-major order, in base64."),
  ...common,
  split: byFractions,
}, {
  complete: (spec) => ({ ...spec, dim: spec.dim ?? rowSize(spec.shape) }),
  check: checkValues,
});

/** Schemas of all data sets. */
export const dataSetRecords: readonly z.ZodObject[] = [npy, npz, csv, parquet, array];
