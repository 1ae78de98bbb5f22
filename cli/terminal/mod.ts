/**
 * Everything people see in a terminal: progress bars, metric tables, trees, and numbers in readable form.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let text = "";
 * const terminal = createTerminal({ write: (part) => text += part });
 * terminal.metrics([{ name: "wasserstein2", value: 0.1234, standardError: 0.0021, unit: "", lowerIsBetter: true }]);
 * assert.match(text, /wasserstein2 +0.1234 ± 0.0021 +↓ lower/);
 * ```
 *
 * @module
 */
export {
  formatBytes,
  formatDuration,
  formatMeasured,
  formatNumber,
  formatRate,
} from "../../report/format.ts";
export type { MetricRow } from "./metric_table.ts";
export type { Paint } from "./paint.ts";
export type { Progress } from "./progress.ts";
export { createTerminal, type Terminal, type TerminalOptions, writerTo } from "./terminal.ts";
export type { TreeNode } from "./tree.ts";
