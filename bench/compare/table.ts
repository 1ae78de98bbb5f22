import type { Measured, RowResult } from "./measure.ts";
import type { Estimate, QualityResult } from "./quality.ts";
import { type Row, ROWS } from "./rows.ts";

/** All that `bench/results.json` holds. */
export interface Results {
  readonly rows: Readonly<Record<string, RowResult>>;
  readonly quality: readonly QualityResult[];
}

const BEGIN = "<!-- results: written by compare.ts -->";
const END = "<!-- end of results -->";

/** The page with its tables made anew from the results. */
export function withTables(page: string, results: Results): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`The page needs the lines '${BEGIN}' and '${END}'`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${tables(results)}\n\n${page.slice(to)}`;
}

/** The tables in Markdown. */
export function tables({ rows, quality }: Results): string {
  const measured = ROWS.filter(({ name }) => name in rows);
  const of = measured.map(({ name }) => rows[name]);
  const machines = new Set(of.map((r) => `${r.machine}, ${r.threads} threads`));
  const versions = Object.assign({}, ...of.map((r) => r.versions)) as Record<string, string>;
  const parts = [
    ...[...machines].map((machine) => `Machine: ${machine}.`),
    `Versions: ${Object.entries(versions).map(([k, v]) => `${k} ${v}`).join(", ")}.`,
    "",
    "| row | work | ours: median [min, max] | peer: median [min, max] | ratio of medians | of minima | of CPU time | target | |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...measured.map((row) => line(row, rows[row.name])),
  ];
  if (quality.length > 0) {
    parts.push(
      "",
      "| 8gaussians -> moons | metric | ours | torchcfm | floor | |",
      "| --- | --- | --- | --- | --- | --- |",
      ...quality.map((q) =>
        `| ${q.coupling} | ${q.metric} | ${estimate(q.ours)} | ${estimate(q.torchcfm)} | ${
          q.floor === null ? "" : estimate(q.floor)
        } | ${verdict(q.pass)} |`
      ),
    );
  }
  return parts.join("\n");
}

/** One line of the table. */
export function line(row: Row, result: RowResult): string {
  const best = result.peers.length === 0
    ? null
    : result.peers.reduce((a, b) => b.time.median < a.time.median ? b : a);
  const bound = row.unit === "million/s" ? "at least" : "at most";
  return `| ${
    [
      row.name,
      row.work,
      `${times(result.ours)} ${row.unit}`,
      best === null ? "" : `${times(best)} ${row.unit}${best.variant ? ` (${best.variant})` : ""}`,
      ratio(result.ratio),
      ratio(result.ratioOfMins),
      ratio(result.ratioOfCpu),
      row.target === null ? "" : `${bound} ${row.target}${best === null ? ` ${row.unit}` : ""}`,
      verdict(result.pass),
    ].join(" | ")
  } |`;
}

function times({ time: { median, min, max } }: Measured): string {
  return `${digits(median)} [${digits(min)}, ${digits(max)}]`;
}

function estimate({ mean, standardError }: Estimate): string {
  return `${mean.toFixed(3)} ± ${standardError.toFixed(3)}`;
}

function ratio(value: number | null): string {
  return value === null ? "" : value.toFixed(2);
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function verdict(pass: boolean | null): string {
  return pass === null ? "" : pass ? "pass" : "**miss**";
}
