import * as Plot from "npm:@observablehq/plot@0.6.17";
import { dots } from "./dots.ts";
import { drawPlot, escapeXml, type Panel } from "./figure.ts";
import { theme } from "./theme.ts";

/** Where the axes of a 2-D panel lie. */
export interface ScatterOptions {
  readonly color: string;
  readonly caption: string;
  readonly names: readonly [string, string];
  readonly domains: readonly [readonly [number, number], readonly [number, number]];
  /** Length of the longer side of the plotting area in pixels. */
  readonly side: number;
}

const LEFT = 46;
const BOTTOM = 40;

/**
 * A scatter of points [x, y]. Both axes have the same length per unit while neither range is over three
 * times the other; columns of unlike units each fill a side of a square.
 *
 * @returns An SVG fragment.
 */
export function scatterPanel(
  points: readonly (readonly [number, number])[],
  options: ScatterOptions,
): Omit<Panel, "x" | "y"> {
  const { innerWidth, innerHeight } = areaOf(options.domains, options.side);
  const top = options.caption === "" ? 8 : 24;
  const width = Math.round(innerWidth + LEFT + 10);
  const height = Math.round(innerHeight + BOTTOM + top);
  const svg = drawPlot({
    width,
    height,
    marginLeft: LEFT,
    marginRight: 10,
    marginTop: top,
    marginBottom: BOTTOM,
    x: axis(options.domains[0], options.names[0], innerWidth),
    y: { ...axis(options.domains[1], options.names[1], innerHeight), tickRotate: 0 },
    marks: [
      Plot.gridX({ stroke: theme.grid, strokeOpacity: 1, ticks: ticksFor(innerWidth) }),
      Plot.gridY({ stroke: theme.grid, strokeOpacity: 1, ticks: ticksFor(innerHeight) }),
      ...framed(points, options),
      Plot.frame({ stroke: theme.frame }),
    ],
  });
  const caption = options.caption === ""
    ? ""
    : `<text x="${LEFT}" y="15" font-size="12">${escapeXml(options.caption)}</text>`;
  const [x, y] = options.names;
  const label = `Scatter of the ${options.caption || "samples"}: ${y} against ${x}`;
  return { svg: caption + svg, width, height, label };
}

/** Axis settings shared by the plots with two quantitative axes. */
export function axis(
  domain: readonly [number, number],
  label: string,
  length: number,
): Record<string, unknown> {
  return {
    domain,
    label,
    labelAnchor: "center",
    labelArrow: "none",
    ticks: ticksFor(length),
    nice: false,
  };
}

/** Size of the plotting area: equal units per pixel where the ranges allow it, else a square. */
export function areaOf(
  [[x0, x1], [y0, y1]]: ScatterOptions["domains"],
  side: number,
): { innerWidth: number; innerHeight: number } {
  const ratio = (x1 - x0) / (y1 - y0);
  if (ratio > 3 || ratio < 1 / 3) return { innerWidth: side, innerHeight: side };
  return ratio >= 1
    ? { innerWidth: side, innerHeight: side / ratio }
    : { innerWidth: side * ratio, innerHeight: side };
}

function ticksFor(length: number): number {
  return Math.max(3, Math.round(length / 70));
}

/** The points inside the domains, and the number of those outside or not finite as text. */
function framed(
  points: readonly (readonly [number, number])[],
  { domains: [[x0, x1], [y0, y1]], color }: ScatterOptions,
): Plot.Markish[] {
  const inside = points.filter(([x, y]) => x >= x0 && x <= x1 && y >= y0 && y <= y1);
  const outside = points.length - inside.length;
  return [
    dots(inside, color),
    ...(outside > 0
      ? [Plot.text([`${outside} not shown`], {
        frameAnchor: "top-right",
        dx: -5,
        dy: 6,
        fill: theme.text,
        fillOpacity: 0.7,
      })]
      : []),
  ];
}
