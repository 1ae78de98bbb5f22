import type { Execution } from "../runtime/execution.ts";
import type { MetricResult } from "../runtime/metrics.ts";
import type { Solved } from "../runtime/model.ts";
import { warningOf } from "../runtime/solving/report.ts";
import { formatDuration, formatNumber, type Terminal } from "./terminal/mod.ts";

/** Shows metrics as a table, then what they warn of. */
export function showMetrics(terminal: Terminal, metrics: readonly MetricResult[]): void {
  if (metrics.length > 0) terminal.metrics(metrics);
  for (const { name, warning } of metrics) {
    if (warning !== null) terminal.warn(`${name}: ${warning}`);
  }
}

/** What a solve cost, and which samples it gave up on. */
export function showSolve(terminal: Terminal, { solve }: Solved): void {
  const { evaluations } = solve;
  terminal.info(
    `${formatNumber(evaluations.mean)} evaluations a sample (at most ${evaluations.max})`,
  );
  const warning = warningOf(solve);
  if (warning !== null) terminal.warn(warning);
}

/** Says which nodes were done, how long they took, and which were there already. */
export function showTimings(terminal: Terminal, execution: Execution): void {
  const done = execution.timings.map(({ node, seconds, stored }) =>
    `${node} ${stored ? "already there" : formatDuration(seconds)}`
  );
  terminal.info(done.join(", "));
}
