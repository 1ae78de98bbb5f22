import * as Plot from "npm:@observablehq/plot@0.6.17";
import type { Tensor } from "../graph/mod.ts";
import { dots } from "./dots.ts";
import { drawPlot, figure, inGrid, type Panel, type Picture } from "./figure.ts";
import { areaOf, axis } from "./scatter.ts";
import { columnNames, spread, type Table, tableOf } from "./table.ts";
import { theme } from "./theme.ts";

/** What `densityPlot` draws. */
export interface DensityPlotOptions {
  /** Points of a regular grid with log p there in nats, [rows, columns, (x_1, x_2, log p)]; NaN where it is not known. */
  readonly density: Tensor;
  /** [n, 2]: points that should be spread as the density says. */
  readonly target?: Tensor;
  /** Shown at the top; "Density" by default. */
  readonly title?: string;
  /** Names of the two axes, with their units if they have any. */
  readonly columns?: readonly string[];
}

/** Shares of the probability that the tinted regions hold, and those that points are counted in. */
const BANDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99];
const COUNTED = [0.5, 0.9, 0.99];
const SIDE = 360;
const MOST_POINTS = 2_000;

/**
 * A density over the plane as nested regions, each the smallest that holds its share of the probability; beside it
 * points of the target with the regions of 50, 90 and 99 %.
 *
 * @returns An SVG file.
 * @throws {RangeError} If the density is not a grid of at least 2 by 2 points with a finite value among them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const density = { data: new Float32Array(4 * 4 * 3), shape: [4, 4, 3] };
 * for (let i = 0; i < 16; i++) density.data.set([i % 4, Math.floor(i / 4), -(i % 4)], 3 * i);
 * assert.match(densityPlot({ density }), /^<svg/);
 * ```
 */
export function densityPlot(options: DensityPlotOptions): string {
  return figure(densityPicture(options));
}

/** The parts of {@link densityPlot}. */
export function densityPicture(options: DensityPlotOptions): Picture {
  const grid = gridOf(options.density);
  const names = columnNames(2, options.columns);
  const target = options.target && tableOf(options.target, "the target");
  const levels = levelsOf(grid);
  const all: Plot.Markish[] = BANDS.map((share) =>
    region(grid, levels(share), { fill: theme.samples, fillOpacity: 0.11 })
  );
  const panels = [panel(grid, names, all, "model density", "Density of the model")];
  if (target !== undefined) {
    const points = spread(target.rows, MOST_POINTS)
      .map((i): [number, number] => [target.at(i, 0), target.at(i, 1)])
      .filter(([x, y]) => inside(grid, x, y));
    const lines = COUNTED.map((share) =>
      region(grid, levels(share), { stroke: theme.samples, strokeWidth: 1.4, fill: "none" })
    );
    const caption = `target, in regions of ${COUNTED.map(percent).join(", ")}`;
    const label = "Points of the target, with regions that hold shares of the model's probability";
    panels.push(panel(grid, names, [dots(points, theme.targetInk), ...lines], caption, label));
  }
  return { title: options.title ?? "Density", panels: inGrid(panels, 2, 16), legend: [] };
}

/** What a density says beyond its picture. */
export interface DensityFacts {
  /** Integral of the density over the grid: 1 where the grid holds all of it and the likelihood is right. */
  readonly mass: number;
  /** For shares of the probability: the share of the target's points in the smallest region that should hold it. */
  readonly coverage: readonly { readonly share: number; readonly found: number }[];
}

/** Checks a density against points that should follow it. */
export function densityFacts({ density, target }: DensityPlotOptions): DensityFacts {
  const grid = gridOf(density);
  const levels = levelsOf(grid);
  const points = target === undefined ? [] : logDensities(grid, tableOf(target, "the target"));
  return {
    mass: grid.values.reduce((sum, value) => sum + Math.exp(value), 0) * grid.cell,
    coverage: COUNTED.map((share) => ({
      share,
      found: points.filter((value) => value >= levels(share)).length / points.length,
    })),
  };
}

/** A density on a regular grid; where it is not known it counts as nothing. */
interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Area of a cell. */
  readonly cell: number;
  /** log p, row by row. */
  readonly values: Float64Array;
}

function gridOf({ data, shape }: Tensor): Grid {
  const [rows, columns, width] = shape;
  const values = Float64Array.from({ length: data.length / 3 }, (_, i) => data[3 * i + 2]);
  const known = values.some(Number.isFinite);
  if (width !== 3 || rows < 2 || columns < 2 || rows * columns * 3 !== data.length || !known) {
    throw new RangeError(
      `Cannot draw the density as it must be [rows, columns, 3] with at least 2 by 2 points and a finite value: ` +
        `shape [${shape}], ${data.length} values`,
    );
  }
  const last = data.length - 3;
  const x: [number, number] = [data[0], data[last]];
  const y: [number, number] = [data[1], data[last + 1]];
  return {
    ...{ rows, columns, x, y },
    cell: ((x[1] - x[0]) / (columns - 1)) * ((y[1] - y[0]) / (rows - 1)),
    values: values.map((value) => Number.isNaN(value) ? -Infinity : value),
  };
}

/** Gives the height of the smallest region that holds a share of the probability on the grid. */
function levelsOf({ values }: Grid): (share: number) => number {
  const sorted = values.toSorted().reverse();
  const sums = [0];
  for (const value of sorted) sums.push(sums[sums.length - 1] + Math.exp(value - sorted[0]));
  return (share) => {
    const wanted = share * sums[sums.length - 1];
    return sorted[Math.max(0, sums.findIndex((sum) => sum >= wanted) - 1)];
  };
}

/** log p at points by bilinear interpolation; what lies outside has none. */
function logDensities(grid: Grid, table: Table): number[] {
  const { columns, rows, x, y, values } = grid;
  const result: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    const [px, py] = [table.at(row, 0), table.at(row, 1)];
    if (!inside(grid, px, py)) {
      result.push(-Infinity);
      continue;
    }
    const u = ((px - x[0]) / (x[1] - x[0])) * (columns - 1);
    const v = ((py - y[0]) / (y[1] - y[0])) * (rows - 1);
    const [i, j] = [Math.min(Math.floor(u), columns - 2), Math.min(Math.floor(v), rows - 2)];
    const at = (di: number, dj: number) => Math.max(values[(j + dj) * columns + i + di], -1e3);
    const mix = (a: number, b: number, w: number) => a + w * (b - a);
    result.push(mix(mix(at(0, 0), at(1, 0), u - i), mix(at(0, 1), at(1, 1), u - i), v - j));
  }
  return result;
}

function inside({ x, y }: Grid, px: number, py: number): boolean {
  return px >= x[0] && px <= x[1] && py >= y[0] && py <= y[1];
}

function region(grid: Grid, level: number, style: Plot.ContourOptions): Plot.Markish {
  const { columns, rows, x, y, values } = grid;
  const lowest = level - 1e3; // contours are found between finite numbers
  return Plot.contour(Array.from(values, (value) => Math.max(value, lowest)), {
    ...{ width: columns, height: rows, x1: x[0], x2: x[1], y1: y[0], y2: y[1] },
    thresholds: [level],
    ...style,
  });
}

function panel(
  grid: Grid,
  names: readonly string[],
  marks: readonly Plot.Markish[],
  caption: string,
  label: string,
): Omit<Panel, "x" | "y"> {
  const { innerWidth, innerHeight } = areaOf([grid.x, grid.y], SIDE);
  const size = { width: Math.round(innerWidth + 56), height: Math.round(innerHeight + 64) };
  const svg = drawPlot({
    ...size,
    ...{ marginLeft: 46, marginRight: 10, marginTop: 24, marginBottom: 40 },
    x: axis(grid.x, names[0], innerWidth),
    y: axis(grid.y, names[1], innerHeight),
    marks: [...marks, Plot.frame({ stroke: theme.frame })],
  });
  return { svg: `<text x="46" y="15" font-size="12">${caption}</text>${svg}`, ...size, label };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
