import type { Tensor } from "../graph/mod.ts";
import { figure, inGrid, type LegendEntry, type Picture } from "./figure.ts";
import { histogramPanel } from "./histogram.ts";
import { columnNames, columnOf, extentOf, type Table, tableOf } from "./table.ts";
import { theme } from "./theme.ts";

/** What `marginalsPlot` draws. */
export interface MarginalsPlotOptions {
  /** [rows, ...event]: what the model made. */
  readonly samples: Tensor;
  /** [rows, ...event]: what it should look like. */
  readonly target?: Tensor;
  /** Shown at the top; "Marginals" by default. */
  readonly title?: string;
  /** One name per column, with its unit if it has one, such as "wind (m/s)". */
  readonly columns?: readonly string[];
}

const MOST_PANELS = 12;

/**
 * Histograms of single columns, samples against target, on common bins.
 *
 * Of more than 12 columns the first, the last and evenly spread ones between are drawn. An axis spans the
 * central 99.8 % of the target's column, so that one stray sample does not squash the picture.
 *
 * @returns An SVG file.
 * @throws {RangeError} If a shape does not hold its data, or samples and target differ in width.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const samples = { data: Float32Array.from({ length: 300 }, (_, i) => Math.sin(i)), shape: [100, 3] };
 * assert.match(marginalsPlot({ samples, title: "Three columns" }), /^<svg/);
 * ```
 */
export function marginalsPlot(options: MarginalsPlotOptions): string {
  return figure(marginalsPicture(options));
}

/** The parts of {@link marginalsPlot}. */
export function marginalsPicture(options: MarginalsPlotOptions): Picture {
  const samples = tableOf(options.samples, "the samples");
  const target = options.target && tableOf(options.target, "the target");
  requireSameWidth(samples, target);
  const names = columnNames(samples.width, options.columns);
  const count = Math.min(samples.width, MOST_PANELS);
  const shown = Array.from(
    { length: count },
    (_, i) => count === 1 ? 0 : Math.round((i * (samples.width - 1)) / (count - 1)),
  );
  const perRow = count <= 3 ? count : count === 4 ? 2 : count <= 9 ? 3 : 4;
  const panels = shown.map((column) => {
    const values = columnOf(samples, column);
    const wanted = target && columnOf(target, column);
    return histogramPanel(values, wanted, {
      domain: extentOf(wanted && wanted.length > 0 ? wanted : values, 0.998),
      label: names[column],
      width: count === 1 ? 460 : 260,
      height: count === 1 ? 280 : 180,
    });
  });
  return {
    title: options.title ?? "Marginals",
    panels: inGrid(panels, perRow),
    legend: histogramLegend(target),
  };
}

/** Target as bars, samples as a line; without a target the samples are the bars and need no legend. */
export function histogramLegend(target: Table | undefined): LegendEntry[] {
  return target
    ? [
      { label: "target", color: theme.target, mark: "bar" },
      { label: "samples", color: theme.samples, mark: "line" },
    ]
    : [];
}

/** @throws {RangeError} If the target has another number of columns than the samples. */
export function requireSameWidth(samples: Table, target: Table | undefined): void {
  if (target && target.width !== samples.width) {
    throw new RangeError(
      `Cannot draw samples against the target as they must have the same columns: ` +
        `${samples.width} and ${target.width}`,
    );
  }
}
