import { InputError } from "../../dsl/error.ts";
import { show } from "../../dsl/schema/words.ts";
import type { ColumnSplitSpec, FractionsSplitSpec, SplitSpec } from "../../dsl/spec.ts";
import { permutation } from "../random/mod.ts";
import type { PartName } from "./dataset.ts";
import type { RawTable } from "./raw_table.ts";
import { matches } from "./select_rows.ts";

/** The rows of each part, in the order of the file. */
export type Parts = { readonly [K in PartName]: readonly number[] };

const PARTS = ["train", "validation", "test"] as const;

/**
 * Divides rows into parts; without a split every part has all of them.
 *
 * @throws {InputError} If a part that the split asks for gets no row.
 */
export function splitRows(
  table: RawTable,
  rows: readonly number[],
  split: SplitSpec | null,
): Parts {
  if (split === null) return { train: rows, validation: rows, test: rows };
  const parts = split.kind === "fractions"
    ? byFractions(table, rows, split)
    : byColumn(table, rows, split);
  if (parts.train.length === 0) {
    throw new InputError(`Cannot split ${table.label}: the train part gets no rows`, {
      field: "split.train",
    });
  }
  return parts;
}

/** Cuts a permutation of the rows at the running sums of the fractions. */
function byFractions(table: RawTable, rows: readonly number[], split: FractionsSplitSpec): Parts {
  const sum = split.train + split.validation + split.test;
  if (PARTS.some((part) => !(split[part] >= 0)) || !(sum > 0 && sum <= 1 + 1e-9)) {
    throw new InputError(
      "The fractions of a split must not be negative and sum to at most 1: found " +
        PARTS.map((part) => `${part} ${split[part]}`).join(", "),
      { field: "split" },
    );
  }
  const order = permutation(rows.length, { seed: split.seed, stream: "split", step: 0 });
  let from = 0;
  let fraction = 0;
  const take = (part: PartName): number[] => {
    fraction += split[part];
    const to = Math.round(fraction * rows.length);
    if (split[part] > 0 && to === from) {
      throw new InputError(
        `Cannot split ${table.label}: ${part} asks for ${split[part]} of ${rows.length} rows, ` +
          "which is none",
        { field: `split.${part}` },
      );
    }
    const positions = order.slice(from, to).sort();
    from = to;
    return Array.from(positions, (position) => rows[position]);
  };
  return { train: take("train"), validation: take("validation"), test: take("test") };
}

/** Gives each row to the part that lists the row's value. */
function byColumn(table: RawTable, rows: readonly number[], split: ColumnSplitSpec): Parts {
  const cell = table.key(split.column, "split.column");
  const take = (part: PartName): number[] => {
    const missed = split[part].find((value) => !rows.some((row) => matches(cell(row), value)));
    if (missed !== undefined) {
      throw new InputError(
        `Cannot split ${table.label}: no row has ${show(missed)} in column ${show(split.column)}`,
        { field: `split.${part}` },
      );
    }
    return rows.filter((row) => split[part].some((value) => matches(cell(row), value)));
  };
  return { train: take("train"), validation: take("validation"), test: take("test") };
}
