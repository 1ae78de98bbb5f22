import { numberOf } from "../../runtime/data/cell_table.ts";
import type { Cell } from "../../runtime/data/raw_table.ts";

/** What a column holds. */
export interface Column {
  readonly name: string;
  /** Numbers; words of which some repeat, to select rows by; or other text. */
  readonly kind: "numbers" | "labels" | "text";
  readonly missing: number;
  /** Different values, in the order in which they first stand; of more than 12 the first ones. */
  readonly values: readonly string[];
  /** Of numbers: whether all are the same. */
  readonly constant: boolean;
  /** Of numbers: whether they count the rows, up by one from one row to the next. */
  readonly counts: boolean;
  /** Of numbers: the distance between their levels where they are quantised, else null. */
  readonly level: number | null;
  /** Of numbers: mean and standard deviation. */
  readonly mean: number;
  readonly deviation: number;
}

/** Values that are listed. */
const LISTED = 12;

/** Levels that quantised numbers are looked for on. */
const LEVELS = [1, 0.5, 0.25, 0.1, 0.01];

/** Looks at the cells of a column. */
export function surveyColumn(name: string, cells: readonly Cell[]): Column {
  const numbers = cells.map(numberOf);
  const texts = [...new Set(cells.filter((_, i) => !Number.isNaN(numbers[i])).map(String))];
  const missing = numbers.filter(Number.isNaN).length;
  const present = numbers.filter((number) => !Number.isNaN(number));
  if (present.length > 0 && present.every((number) => number !== null)) {
    return { ...ofNumbers(name, present), missing, values: texts.slice(0, LISTED) };
  }
  return {
    ...{ name, missing, values: texts.slice(0, LISTED) },
    kind: texts.length <= LISTED && texts.length < cells.length ? "labels" : "text",
    ...{ constant: false, counts: false, level: null, mean: NaN, deviation: NaN },
  };
}

/** Looks at all numbers of an array together. */
export function arrayColumn(values: ArrayLike<number>): Column {
  return { ...ofNumbers("values", Array.from(values)), missing: 0, values: [] };
}

function ofNumbers(name: string, numbers: readonly number[]): Omit<Column, "missing" | "values"> {
  const n = numbers.length;
  const mean = numbers.reduce((sum, x) => sum + x, 0) / n;
  const deviation = Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
  return {
    name,
    kind: "numbers",
    mean,
    deviation,
    constant: numbers.every((x) => x === numbers[0]),
    counts: n > 2 && numbers.every((x, i) => i === 0 || x - numbers[i - 1] === 1),
    level:
      LEVELS.find((level) =>
        numbers.every((x) => Math.abs(x / level - Math.round(x / level)) < 1e-6)
      ) ?? null,
  };
}
