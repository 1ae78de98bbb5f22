import * as Plot from "npm:@observablehq/plot@0.6.17";
import type { Tensor } from "../graph/mod.ts";
import { dots } from "./dots.ts";
import { drawPlot, figure, inGrid, type Picture } from "./figure.ts";
import { areaOf, axis } from "./scatter.ts";
import { columnNames, extentOf, spread } from "./table.ts";
import { theme } from "./theme.ts";

/** What `pathsPlot` draws. */
export interface PathsPlotOptions {
  /** [times, n, ...event] of two numbers: the positions of n samples at increasing times, the source first. */
  readonly trajectory: Tensor;
  /** Shown at the top; "Paths" by default. */
  readonly title?: string;
  /** Names of the two axes, with their units if they have any. */
  readonly columns?: readonly string[];
}

/** Vertices drawn in all; beyond it fewer paths are shown, evenly chosen. */
const MOST_VERTICES = 8_000;
const MOST_PATHS = 250;

/**
 * Draws the paths that samples take from the source (t = 0) to the target (t = 1).
 *
 * @returns An SVG file.
 * @throws {RangeError} If the trajectory is not [times, n, 2] with two times or more.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const trajectory = { data: Float32Array.of(0, 0, 1, 1), shape: [2, 1, 2] };
 * assert.match(pathsPlot({ trajectory }), /^<svg/);
 * ```
 */
export function pathsPlot(options: PathsPlotOptions): string {
  return figure(pathsPicture(options));
}

/** The parts of {@link pathsPlot}. */
export function pathsPicture(options: PathsPlotOptions): Picture {
  const { data, shape } = options.trajectory;
  const [times, count, ...event] = shape;
  const width = event.reduce((product, size) => product * size, 1);
  if (shape.length < 3 || width !== 2 || times < 2 || times * count * 2 !== data.length) {
    throw new RangeError(
      `Cannot draw paths as the trajectory must be [times, n, 2] with at least 2 times: ` +
        `shape [${shape}], ${data.length} values`,
    );
  }
  const at = (time: number, i: number): [number, number] => {
    const offset = (time * count + i) * 2;
    return [data[offset], data[offset + 1]];
  };
  const limit = Math.max(1, Math.min(MOST_PATHS, Math.floor(MOST_VERTICES / times)));
  const paths = spread(count, limit)
    .map((i) => Array.from({ length: times }, (_, time) => at(time, i)))
    .filter((path) => path.flat().every(Number.isFinite));
  const names = columnNames(2, options.columns);
  const domains = [0, 1].map((k) => extentOf(paths.flat().map((p) => p[k]), 1, 0.05));
  const { innerWidth, innerHeight } = areaOf([domains[0], domains[1]], 460);
  const size = { width: Math.round(innerWidth + 56), height: Math.round(innerHeight + 48) };
  const svg = drawPlot({
    ...size,
    marginLeft: 46,
    marginRight: 10,
    marginTop: 8,
    marginBottom: 40,
    x: axis(domains[0], names[0], innerWidth),
    y: axis(domains[1], names[1], innerHeight),
    marks: [
      lines(paths),
      dots(paths.map((path) => path[0]), theme.source, 1.7),
      dots(paths.map((path) => path[times - 1]), theme.samples, 2.2),
      Plot.frame({ stroke: theme.frame }),
    ],
  });
  const label = `Paths of ${paths.length} samples from source to target`;
  return {
    title: options.title ?? "Paths",
    panels: inGrid([{ svg, ...size, label }], 1),
    legend: [
      { label: "source, t = 0", color: theme.source, mark: "dot" },
      { label: "samples, t = 1", color: theme.samples, mark: "dot" },
    ],
  };
}

/** All paths in one path element. */
function lines(paths: readonly (readonly [number, number][])[]): Plot.Markish {
  const vertices = paths.flatMap((path) => path.map((point, k) => ({ point, start: k === 0 })));
  return Plot.dot(vertices, {
    x: (v: { point: [number, number] }) => v.point[0],
    y: (v: { point: [number, number] }) => v.point[1],
    render(index, _scales, values, _dimensions, context) {
      const { x: xs, y: ys } = values as unknown as { x: number[]; y: number[] };
      let d = "";
      for (const i of index) {
        d += `${vertices[i].start ? "M" : "L"}${xs[i].toFixed(1)} ${ys[i].toFixed(1)}`;
      }
      const path = context.document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", d);
      path.setAttribute("fill", "none");
      path.setAttribute("stroke", theme.faint);
      path.setAttribute("stroke-width", "0.8");
      path.setAttribute("stroke-linejoin", "round");
      return path;
    },
  });
}
