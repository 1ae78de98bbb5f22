import * as Plot from "npm:@observablehq/plot@0.6.17";
import { drawPlot, figure, inGrid, type Picture } from "./figure.ts";
import { theme } from "./theme.ts";

/** What `lossPlot` draws. */
export interface LossPlotOptions {
  /** Training steps, increasing. */
  readonly steps: ArrayLike<number>;
  /** The loss at each of `steps`. */
  readonly loss: ArrayLike<number>;
  /** Shown at the top; "Training loss" by default. */
  readonly title?: string;
  /** In pixels; 640 by default. */
  readonly width?: number;
}

/** Points of the raw curve; a longer one is thinned to the extremes of equal stretches. */
const MOST_POINTS = 1_200;

/**
 * The training loss: the raw values faint, their running mean (over a fortieth of the values) on top.
 * The loss axis is logarithmic when all values are positive and the running mean spans a factor of ten.
 *
 * @returns An SVG file.
 * @throws {RangeError} If there is no finite loss, or the lengths differ.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(lossPlot({ steps: [1, 2, 3], loss: [3, 2, 1.5] }), /training step/);
 * ```
 */
export function lossPlot(options: LossPlotOptions): string {
  return figure(lossPicture(options));
}

/** The parts of {@link lossPlot}. */
export function lossPicture(options: LossPlotOptions): Picture {
  const { steps, loss } = options;
  const points = Array.from(steps, (step, i) => ({ step, loss: loss[i] }))
    .filter((point) => Number.isFinite(point.loss));
  if (steps.length !== loss.length || points.length === 0) {
    throw new RangeError(
      `Cannot draw the loss as there must be one finite value per step at least once: ` +
        `${steps.length} steps, ${loss.length} values, ${points.length} finite`,
    );
  }
  const smooth = runningMean(points, Math.max(1, Math.round(points.length / 40)));
  const [low, high] = range(smooth.map((p) => p.loss));
  const logarithmic = points.every((p) => p.loss > 0) && high / low > 10;
  const raw = thin(points, MOST_POINTS);
  const sorted = raw.map((p) => p.loss).sort((a, b) => a - b);
  const top = logarithmic
    ? sorted[sorted.length - 1]
    : Math.max(high, sorted[Math.floor(0.995 * (sorted.length - 1))]);
  const { width = 640 } = options;
  const size = { width, height: Math.round(200 + width / 5.3) };
  const svg = drawPlot({
    ...size,
    marginLeft: 56,
    marginRight: 24,
    marginTop: 8,
    marginBottom: 40,
    x: {
      label: "training step",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: Math.round(width / 80),
      nice: false,
    },
    y: {
      type: logarithmic ? "log" : "linear",
      domain: [sorted[0], top],
      clamp: true, // early spikes may leave the top
      label: logarithmic ? "loss (log scale)" : "loss",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 6,
      nice: !logarithmic,
      ...(logarithmic ? { tickFormat: "~g" } : {}),
    },
    marks: [
      Plot.gridY(logarithmic ? decades(sorted[0], top) : undefined, {
        stroke: theme.grid,
        strokeOpacity: 1,
        ticks: 6,
      }),
      Plot.line(raw, { x: "step", y: "loss", stroke: theme.faint, strokeWidth: 0.8 }),
      Plot.line(thin(smooth, MOST_POINTS), {
        x: "step",
        y: "loss",
        stroke: theme.samples,
        strokeWidth: 2,
      }),
      Plot.frame({ anchor: "bottom", stroke: theme.text, strokeOpacity: 0.6 }),
    ],
  });
  const label = `Loss over ${steps.length} training steps, at the end about ${
    smooth[smooth.length - 1].loss.toPrecision(3)
  }`;
  return {
    title: options.title ?? "Training loss",
    panels: inGrid([{ svg, ...size, label }], 1),
    legend: [
      { label: "recorded", color: theme.faint, mark: "line" },
      { label: "running mean", color: theme.samples, mark: "line" },
    ],
  };
}

interface Point {
  readonly step: number;
  readonly loss: number;
}

/** Centred mean over `width` neighbours, cut off at the ends, so that the curve does not lag. */
function runningMean(points: readonly Point[], width: number): Point[] {
  const sums = [0];
  for (const point of points) sums.push(sums[sums.length - 1] + point.loss);
  const half = Math.floor(width / 2);
  return points.map(({ step }, i) => {
    const from = Math.max(0, i - half);
    const to = Math.min(points.length, i + half + 1);
    return { step, loss: (sums[to] - sums[from]) / (to - from) };
  });
}

/** Keeps the lowest and the highest point of equal stretches, so that thinning hides no spike. */
function thin(points: readonly Point[], limit: number): Point[] {
  if (points.length <= limit) return [...points];
  const stretches = Math.floor(limit / 2);
  const kept: Point[] = [];
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor((s * points.length) / stretches);
    const to = Math.floor(((s + 1) * points.length) / stretches);
    let low = points[from];
    let high = points[from];
    for (let i = from; i < to; i++) {
      if (points[i].loss < low.loss) low = points[i];
      if (points[i].loss > high.loss) high = points[i];
    }
    if (low === high) kept.push(low);
    else kept.push(...(low.step < high.step ? [low, high] : [high, low]));
  }
  return kept;
}

/** Powers of ten from `low` to `high`. */
function decades(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low));
  const last = Math.floor(Math.log10(high));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
}

function range(values: readonly number[]): [number, number] {
  return values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}
