import cliProgress from "npm:cli-progress@3.12.0";
import { formatDuration, formatNumber, formatRate } from "../../report/format.ts";
import type { Paint } from "./paint.ts";
import { Rate } from "./rate.ts";

/** Progress of one long node. Ends itself when its block is left, in whatever way: `using bar = ...`. */
export interface Progress extends Disposable {
  /**
   * Says how far it is.
   *
   * @param done Steps done so far.
   * @param loss The latest training loss, where there is one.
   */
  update(done: number, loss?: number): void;
  /** Ends the bar; one line of what was done and how long it took stays. */
  finish(): void;
}

/** What a progress bar needs from the terminal it is on. */
export interface ProgressContext {
  readonly tty: boolean;
  readonly columns: number;
  readonly paint: Paint;
  /** Writes whole lines that stay. */
  readonly write: (text: string) => void;
  /** Writes on the line that is drawn anew. */
  readonly draw: (text: string) => void;
  /** Time in seconds from any origin. */
  readonly now: () => number;
  /** The word for one step, plural. */
  readonly unit: string;
  /** Steps that were done before, which are not counted in speeds. */
  readonly from: number;
}

interface State {
  done: number;
  loss: number | undefined;
  perSecond: number;
  elapsed: number;
}

/** A plain line is written at most this often, in seconds. */
const PLAIN_INTERVAL = 10;

/** A bar on a terminal; elsewhere (CI, a pipe) a plain line every 10 seconds and one at the end. */
export function startProgress(label: string, total: number, context: ProgressContext): Progress {
  const { from } = context;
  const start = context.now();
  const rate = new Rate();
  const state: State = { done: 0, loss: undefined, perSecond: NaN, elapsed: 0 };
  const advance = (done: number, loss: number | undefined) => {
    const now = context.now();
    rate.mark(done, now);
    Object.assign(state, { done, perSecond: rate.perSecond, elapsed: now - start });
    if (loss !== undefined) state.loss = loss;
  };
  advance(from, undefined);
  const view = context.tty
    ? barView(label, total, context, state)
    : plainView(label, total, context, state);
  let open = true;
  const finish = () => {
    if (!open) return;
    open = false;
    state.elapsed = context.now() - start;
    state.perSecond = state.elapsed > 0 ? (state.done - from) / state.elapsed : NaN;
    view.finish();
  };
  return {
    update(done, loss) {
      if (!open) return;
      advance(done, loss);
      view.update();
    },
    finish,
    [Symbol.dispose]: finish,
  };
}

interface View {
  update(): void;
  finish(): void;
}

function barView(label: string, total: number, context: ProgressContext, state: State): View {
  const bar = new cliProgress.SingleBar({
    format: () => barLine(label, total, context, state),
    terminal: redrawnLine(context.draw),
    fps: 10,
    clearOnComplete: true,
    gracefulExit: false, // it would swallow Ctrl-C: stopping a run is the command's business
  });
  bar.start(total, state.done);
  return {
    update: () => bar.update(state.done),
    finish() {
      bar.stop();
      const mark = state.done >= total ? context.paint.good("✓") : context.paint.warn("■");
      context.write(`${mark} ${summary(label, total, context, state)}\n`);
    },
  };
}

function plainView(label: string, total: number, context: ProgressContext, state: State): View {
  let written = 0;
  return {
    update() {
      if (state.elapsed - written < PLAIN_INTERVAL || state.done >= total) return;
      written = state.elapsed;
      context.write(`${label}: ${facts(total, context, state).join(", ")}\n`);
    },
    finish: () => context.write(`${summary(label, total, context, state)}\n`),
  };
}

/** The one line of a bar, cut to the width of the terminal part by part rather than in mid-word. */
export function barLine(
  label: string,
  total: number,
  context: Pick<ProgressContext, "columns" | "paint" | "unit">,
  state: Readonly<State>,
): string {
  const share = total > 0 ? Math.min(1, Math.max(0, state.done / total)) : 1;
  const parts = [
    `${Math.floor(share * 100)}%`.padStart(4),
    ...facts(total, context, state).slice(1),
  ];
  const limit = context.columns - 1; // a full last column would wrap on some terminals
  while (parts.length > 1 && label.length + 14 + parts.join("  ").length > limit) parts.pop();
  const tail = parts.join("  ");
  const width = Math.min(30, limit - label.length - tail.length - 4);
  if (width < 4) return `${label} ${parts[0]}`.slice(0, limit);
  const filled = Math.round(share * width);
  const bar = context.paint.good("━".repeat(filled)) +
    context.paint.faint("─".repeat(width - filled));
  return `${label}  ${bar}  ${tail}`;
}

function facts(total: number, context: Pick<ProgressContext, "unit">, state: State): string[] {
  const { done, loss, perSecond } = state;
  const share = total > 0 ? Math.floor((100 * done) / total) : 100;
  return [
    `${formatNumber(done)} of ${formatNumber(total)} ${context.unit} (${share}%)`,
    ...(loss === undefined ? [] : [`loss ${formatLoss(loss)}`]),
    ...(perSecond > 0
      ? [formatRate(perSecond), `${formatDuration((total - done) / perSecond)} left`]
      : []),
  ];
}

function summary(label: string, total: number, context: ProgressContext, state: State): string {
  const { done, loss, perSecond, elapsed } = state;
  const count = done >= total
    ? `${formatNumber(done)} ${done === 1 ? context.unit.replace(/s$/, "") : context.unit}`
    : `stopped after ${formatNumber(done)} of ${formatNumber(total)} ${context.unit}`;
  return [
    `${label}: ${count} in ${formatDuration(elapsed)}`,
    ...(perSecond > 0 && total > 1 ? [formatRate(perSecond)] : []),
    ...(loss === undefined ? [] : [`loss ${formatLoss(loss)}`]),
  ].join(", ");
}

/**
 * The terminal of cli-progress. Its own one hides the cursor, turns line wrapping off and jumps back to a saved
 * row; the first two outlive a process that is killed, and the last writes over lines printed meanwhile.
 */
function redrawnLine(draw: (text: string) => void): Record<string, unknown> {
  const nothing = () => {};
  return {
    isTTY: () => true,
    getWidth: () => Infinity, // lines come cut to size
    write: draw,
    cursorTo: () => draw("\r"),
    clearRight: () => draw("\x1b[K"),
    clearLine: () => draw("\r\x1b[K"),
    newline: () => draw("\n"),
    cursor: nothing,
    cursorSave: nothing,
    cursorRestore: nothing,
    lineWrapping: nothing,
  };
}

/** Always four digits, so that the line does not twitch while it is redrawn. */
function formatLoss(loss: number): string {
  return Math.abs(loss) >= 1e-3 && Math.abs(loss) < 1e4 ? loss.toPrecision(4) : formatNumber(loss);
}
