import type { Measured, Row } from "./measure.ts";
import { nameOf } from "./work.ts";

/** A run of the benchmark, as it is kept. */
export interface Report {
  readonly machine: string;
  readonly adapter: string;
  /** Versions and devices of the rivals, by name. */
  readonly rivals: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

/** Relative difference of what rivals found from which they did not do the same work. */
const APART = 0.02;

/** The report as Markdown: a row of the table for each work, a column for each rival, the fastest in bold. */
export function tableOf({ machine, adapter, rivals, rows }: Report): string {
  const names = Object.keys(rivals);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const notes: string[] = [];
  const body = rows.map(({ work, measured }) => {
    const fastest = Math.min(...measured.map(({ seconds }) => median(seconds)));
    const found = measured.filter(({ check }) => check !== null).map(({ check }) => check!);
    const cells = measured.map((each) => {
      const note = noteOf(each, median(found));
      const mark = note === null
        ? ""
        : ` [${notes.push(`${nameOf(work)}, ${each.rival}: ${note}`)}]`;
      if (each.seconds.length === 0) return `not measured${mark}`;
      const middle = median(each.seconds);
      const text = middle === fastest ? `**${shown(middle)}**` : shown(middle);
      const range = `[${shown(Math.min(...each.seconds))}, ${shown(Math.max(...each.seconds))}]`;
      const device = each.device.length === 0 ? "" : `, device ${shown(median(each.device))}`;
      return `${text} ${range}${device}${mark}`;
    });
    return line([nameOf(work), ...cells]);
  });
  return [
    `Machine: ${machine}. Adapter: ${adapter}.`,
    "",
    ...names.map((name) => `- \`${name}\`: ${rivals[name]}`),
    "",
    "Milliseconds for one training step or one solve: median [least, most].",
    "",
    line(["work", ...names.map((name) => `\`${name}\``)]),
    line(["---", ...names.map(() => "---:")]),
    ...body,
    ...(notes.length === 0 ? [] : ["", ...notes.map((note, i) => `${i + 1}. ${note}`)]),
    "",
  ].join("\n");
}

/** What must be said of a measurement. */
function noteOf({ check, problem }: Measured, usual: number): string | null {
  if (problem !== null) return problem;
  const apart = Math.abs(check! - usual) / Math.abs(usual);
  return apart < APART ? null : `found ${check} where others found ${usual}`;
}

/** Milliseconds, with three digits where they count. */
function shown(seconds: number): string {
  const ms = seconds * 1_000;
  return ms >= 100 ? Math.round(ms).toLocaleString("en") : ms.toPrecision(3);
}

/** The middle value; infinite for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Infinity;
  const sorted = [...values].sort((a, b) => a - b);
  const at = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[at] : (sorted[at - 1] + sorted[at]) / 2;
}
