import type { Tensor } from "../graph/mod.ts";
import { figure, inGrid, type Picture } from "./figure.ts";
import { contrastOf, imageGrid, type ImageSize, imageSizeOf, isInk } from "./image_grid.ts";
import { marginalsPicture, requireSameWidth } from "./marginals_plot.ts";
import { pairsPicture } from "./pairs.ts";
import { scatterPanel } from "./scatter.ts";
import { columnNames, columnOf, extentOf, spread, type Table, tableOf } from "./table.ts";
import { theme } from "./theme.ts";

/** What `samplesPlot` draws. */
export interface SamplesPlotOptions {
  /** [rows, ...event]: what the model made. */
  readonly samples: Tensor;
  /** [rows, ...event]: what it should look like. */
  readonly target?: Tensor;
  /** Shown at the top; "Samples" by default. */
  readonly title?: string;
  /** One name per column, with its unit if it has one, such as "wind (m/s)". */
  readonly columns?: readonly string[];
  /**
   * The event shape, where the tensors' rows are flat: [height, width] or [channels, height, width] make the
   * picture a grid of images.
   */
  readonly event?: readonly number[];
}

/** Points drawn in one scatter panel; more would hide each other. */
const MOST_POINTS = 5_000;
/** Up to this width every pair of columns has its panel. */
const MOST_PAIRED = 6;

/**
 * Draws samples, beside the target where there is one, in the form that suits their event shape:
 * images as a grid of 100, one column as a histogram, two columns as a scatter with equal axes, three to six
 * as all pairs of columns, more as histograms of single columns.
 *
 * @returns An SVG file; the same data gives the same bytes.
 * @throws {RangeError} If a shape does not hold its data, or samples and target differ in width.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const samples = { data: Float32Array.from({ length: 400 }, (_, i) => Math.sin(i)), shape: [200, 2] };
 * assert.match(samplesPlot({ samples, title: "Two columns" }), /^<svg/);
 * ```
 */
export function samplesPlot(options: SamplesPlotOptions): string {
  return figure(samplesPicture(options));
}

/** The parts of {@link samplesPlot}. */
export function samplesPicture(options: SamplesPlotOptions): Picture {
  const title = options.title ?? "Samples";
  const samples = tableOf(options.samples, "the samples");
  const target = options.target && tableOf(options.target, "the target");
  requireSameWidth(samples, target);
  const size = imageSizeOf(options.event ?? options.samples.shape.slice(1));
  if (size !== null && size.channels * size.height * size.width === samples.width) {
    return images(title, options, size);
  }
  const names = columnNames(samples.width, options.columns);
  if (samples.width === 2) return scatter(title, samples, target, names);
  if (samples.width > 2 && samples.width <= MOST_PAIRED) {
    return pairsPicture(title, samples, target, names);
  }
  return marginalsPicture({ ...options, title });
}

function scatter(
  title: string,
  samples: Table,
  target: Table | undefined,
  names: string[],
): Picture {
  const domains = [0, 1].map((column) =>
    extentOf([...columnOf(samples, column), ...(target ? columnOf(target, column) : [])], 0.999)
  );
  const panel = (table: Table, color: string, caption: string) =>
    scatterPanel(pointsOf(table, MOST_POINTS), {
      color,
      caption,
      names: [names[0], names[1]],
      domains: [domains[0], domains[1]],
      side: target ? 360 : 440,
    });
  const panels = target
    ? [panel(target, theme.targetInk, "target"), panel(samples, theme.samples, "samples")]
    : [panel(samples, theme.samples, "")];
  return { title, panels: inGrid(panels, 2, 16), legend: [] };
}

function pointsOf(table: Table, limit: number): [number, number][] {
  return spread(table.rows, limit).map((row) => [table.at(row, 0), table.at(row, 1)]);
}

function images(title: string, options: SamplesPlotOptions, size: ImageSize): Picture {
  const contrast = contrastOf(options.target ?? options.samples);
  const ink = isInk(options.target ?? options.samples, size, contrast);
  const grid = (tensor: Tensor, caption: string) => {
    const { svg, width, height } = imageGrid(tensor, size, {
      columns: 10,
      limit: 100,
      contrast,
      ink,
      side: options.target ? 380 : 480,
    });
    const label = `Images: ${caption || "samples"}`;
    if (caption === "") return { svg, width, height, label };
    return {
      svg:
        `<text x="2" y="14" font-size="12">${caption}</text><g transform="translate(0,22)">${svg}</g>`,
      width,
      height: height + 22,
      label,
    };
  };
  const panels = options.target
    ? [grid(options.target, "target"), grid(options.samples, "samples")]
    : [grid(options.samples, "")];
  return { title, panels: inGrid(panels, 2, 24), legend: [] };
}
