import { drawTable, type MetricRow, metricTable } from "./metric_table.ts";
import { createPaint, type Paint } from "./paint.ts";
import { type Progress, startProgress } from "./progress.ts";
import { drawTree, type TreeNode } from "./tree.ts";

/** Where and how a terminal writes. */
export interface TerminalOptions {
  /** Whether lines can be redrawn; by default whether stdout is a terminal, and false with a `write` of one's own. */
  readonly tty?: boolean;
  /** By default the value of `tty`, unless NO_COLOR is set. */
  readonly color?: boolean;
  /** Takes all text; by default stdout. With --json pass `writerTo(Deno.stderr)`. */
  readonly write?: (text: string) => void;
  /** Width in characters; by default the terminal's own, or 80. */
  readonly columns?: number;
  /** Time in seconds, for tests. */
  readonly now?: () => number;
}

/** Text for people: lines, progress, tables and trees. */
export interface Terminal {
  /** Whether lines can be redrawn. */
  readonly tty: boolean;
  /** Colours for parts of lines. */
  readonly paint: Paint;
  /** One line. */
  info(text: string): void;
  /** One line, marked as a warning. */
  warn(text: string): void;
  /** One line, marked as an error. */
  error(text: string): void;
  /** Shows the progress of `total` steps, `from` of them done before; `unit` is the plural word for one step. */
  progress(label: string, total: number, options?: { unit?: string; from?: number }): Progress;
  /** A table of metrics. */
  metrics(rows: readonly MetricRow[]): void;
  /** Any table: cells as text, columns of numbers named in `right` aligned to the right. */
  table(
    head: readonly string[],
    body: readonly (readonly string[])[],
    right?: readonly string[],
  ): void;
  /** A tree, such as an execution graph. */
  tree(root: TreeNode): void;
}

/**
 * Makes the terminal that commands talk to.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let text = "";
 * const terminal = createTerminal({ write: (part) => text += part });
 * terminal.info("two-moons");
 * assert.equal(text, "two-moons\n");
 * ```
 */
export function createTerminal(options: TerminalOptions = {}): Terminal {
  const tty = options.tty ?? (options.write === undefined && Deno.stdout.isTerminal());
  const paint = createPaint(options.color ?? (tty && !Deno.noColor));
  const raw = options.write ?? writerTo(Deno.stdout);
  let drawn = false; // whether a progress bar stands on the current line
  const draw = (text: string) => {
    drawn = true;
    raw(text);
  };
  const write = (text: string) => {
    raw(drawn ? "\r\x1b[K" + text : text);
    drawn = false;
  };
  const now = options.now ?? (() => performance.now() / 1_000);
  const columns = options.columns ?? (tty ? consoleColumns() : 80);
  return {
    tty,
    paint,
    info: (text) => write(text + "\n"),
    warn: (text) => write(`${paint.warn("warning:")} ${text}\n`),
    error: (text) => write(`${paint.bad("error:")} ${text}\n`),
    progress: (label, total, { unit = "steps", from = 0 } = {}) =>
      startProgress(label, total, { tty, columns, paint, write, draw, now, unit, from }),
    metrics: (rows) => write(metricTable(rows, paint)),
    table: (head, body, right = []) =>
      write(drawTable(head, body, head.map((h) => right.includes(h) ? "right" : "left"), paint)),
    tree: (root) => write(drawTree(root, paint)),
  };
}

/** A writer that puts text on a stream at once and whole, and is silent after the reader left (`| head`). */
export function writerTo(stream: { writeSync(bytes: Uint8Array): number }): (text: string) => void {
  const encoder = new TextEncoder();
  let closed = false;
  return (text) => {
    let bytes = encoder.encode(text);
    while (bytes.length > 0 && !closed) {
      try {
        bytes = bytes.subarray(stream.writeSync(bytes));
      } catch (error) {
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        closed = true;
      }
    }
  };
}

function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80; // the terminal does not tell its size
  }
}
