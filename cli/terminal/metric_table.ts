import CliTable from "npm:cli-table3@0.6.5";
import { formatMeasured, formatNumber } from "../../report/format.ts";
import type { Paint } from "./paint.ts";

/** One metric as the table shows it. */
export interface MetricRow {
  /** As the first column shows it. */
  readonly name: string;
  /** The measured value, the mean over repeats. */
  readonly value: number;
  /** Standard error of the value; null or left out where there is none. */
  readonly standardError?: number | null;
  /** The unit in words; "" or "1" where the metric has none. */
  readonly unit: string;
  /** null where neither direction is better. */
  readonly lowerIsBetter?: boolean | null;
  /** The same distance between two fresh samples of the target. */
  readonly floor?: number | null;
  /** Points per repeat. */
  readonly samples?: number | null;
}

/** A table of metrics; columns that no row fills are left out. Ends with a line break. */
export function metricTable(rows: readonly MetricRow[], paint: Paint): string {
  const hasFloor = rows.some((row) => row.floor !== null && row.floor !== undefined);
  const hasSamples = rows.some((row) => row.samples !== null && row.samples !== undefined);
  const hasUnit = rows.some((row) => unitOf(row) !== "");
  const head = [
    "metric",
    "value",
    ...(hasUnit ? ["unit"] : []),
    ...(hasFloor ? ["floor"] : []),
    ...(hasSamples ? ["samples"] : []),
    "better",
  ];
  const body = rows.map((row) => [
    row.name,
    formatMeasured(row.value, row.standardError),
    ...(hasUnit ? [unitOf(row)] : []),
    ...(hasFloor ? [optionalNumber(row.floor)] : []),
    ...(hasSamples ? [optionalNumber(row.samples)] : []),
    row.lowerIsBetter === undefined || row.lowerIsBetter === null
      ? ""
      : row.lowerIsBetter
      ? "↓ lower"
      : "↑ higher",
  ]);
  const numeric = new Set(["value", "floor", "samples"]);
  const text = drawTable(
    head,
    body,
    head.map((name) => (numeric.has(name) ? "right" : "left")),
    paint,
  );
  if (!hasFloor) return text;
  return text + paint.faint("floor: the same distance between two fresh samples of the target") +
    "\n";
}

/** A table of text cells under a header line. Ends with a line break. */
export function drawTable(
  head: readonly string[],
  body: readonly (readonly string[])[],
  alignment: readonly ("left" | "right")[],
  paint: Paint,
): string {
  const table = new CliTable({
    head: head.map(paint.strong),
    colAligns: [...alignment],
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    chars: {
      ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
      ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
      ...{ left: "", right: "", middle: "" },
      ...{ mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    },
  });
  table.push(...body.map((row) => [...row]));
  return table.toString().split("\n").map((line) => line.trimEnd()).join("\n") + "\n";
}

function unitOf(row: MetricRow): string {
  return row.unit === "1" ? "" : row.unit;
}

function optionalNumber(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : formatNumber(value, 3);
}
