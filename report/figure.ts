import * as Plot from "npm:@observablehq/plot@0.6.17";
import { parseHTML } from "npm:linkedom@0.18.12";
import { theme } from "./theme.ts";

/** One rectangle of a figure: a finished SVG fragment and where it stands, in pixels. */
export interface Panel {
  readonly svg: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What it shows, in words. */
  readonly label: string;
  /** Row and column, counted from 1, of a part that belongs into a matrix. */
  readonly place?: readonly [number, number];
}

/** A picture before it is put together: a file lays its parts out side by side, a page as there is room. */
export interface Picture {
  /** Shown at the top left, and the accessible name. */
  readonly title: string;
  /** The parts, placed relative to the area under the title. */
  readonly panels: readonly Panel[];
  /** What the colours mean; shown at the top right. */
  readonly legend: readonly LegendEntry[];
}

/** One entry of a figure's legend. */
export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  readonly mark: "dot" | "bar" | "line";
}

const HEADER = 34;
const LEGEND_LINE = 22;
const MARGIN = 12;

/** Draws an Observable Plot and returns it as an SVG fragment, with no browser behind it. */
export function drawPlot(options: Plot.PlotOptions): string {
  // linkedom's types name a browser's Window, which Deno's do not have
  const { document } = parseHTML("<html><body></body></html>") as unknown as { document: unknown };
  const element = Plot.plot({
    document,
    className: "plot", // Plot would draw a random one, and equal data must give equal bytes
    style: { fontFamily: "inherit", fontSize: "11px", color: theme.text, background: "none" },
    ...options,
  } as Plot.PlotOptions);
  for (const part of element.querySelectorAll("[aria-label],[aria-hidden]")) {
    part.removeAttribute("aria-label"); // the panel as a whole has a name, its parts need none
    part.removeAttribute("aria-hidden");
  }
  return element.outerHTML.replace(/<style>[\s\S]*?<\/style>/, "");
}

/** Escapes text for use between tags and inside quoted attributes. */
export function escapeXml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]!,
  );
}

/** Lays panels out in rows of `columns`, each cell as large as its largest panel. */
export function inGrid(
  panels: readonly Omit<Panel, "x" | "y">[],
  columns: number,
  gap = 8,
): Panel[] {
  const width = Math.max(...panels.map((p) => p.width));
  const height = Math.max(...panels.map((p) => p.height));
  return panels.map((p, i) => ({
    ...p,
    x: (i % columns) * (width + gap),
    y: Math.floor(i / columns) * (height + gap),
  }));
}

/** Puts a picture together into one standalone SVG file on a white background. */
export function figure({ title, panels, legend }: Picture): string {
  const legendWidth = legend.reduce((sum, entry) => sum + entryWidth(entry), 0);
  const titleWidth = textWidth(title, 9.3);
  const contentWidth = Math.max(...panels.map((p) => p.x + p.width), titleWidth, legendWidth);
  const beside = titleWidth + 24 + legendWidth <= contentWidth; // else the legend has its own line
  const header = legend.length > 0 && !beside ? HEADER + LEGEND_LINE : HEADER;
  const width = Math.ceil(contentWidth) + 2 * MARGIN;
  const height = Math.ceil(Math.max(...panels.map((p) => p.y + p.height))) + header + 2 * MARGIN;
  const name = escapeXml(title);
  const body = panels.map((p) =>
    `<svg x="${round(MARGIN + p.x)}" y="${round(MARGIN + header + p.y)}" width="${p.width}" ` +
    `height="${p.height}">${p.svg}</svg>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}" ` +
    `font-family="${theme.fontFamily}" fill="${theme.text}" color="${theme.text}">\n` +
    `<title>${name}</title>\n` +
    `<rect width="${width}" height="${height}" fill="${theme.background}"/>\n` +
    `<text x="${MARGIN + 4}" y="${MARGIN + 15}" font-size="15" font-weight="600">${name}</text>\n` +
    drawLegend(
      legend,
      beside
        ? { x: width - MARGIN - legendWidth, y: MARGIN + 11 }
        : { x: MARGIN + 4, y: MARGIN + 11 + LEGEND_LINE },
    ) + body.join("\n") + "\n</svg>\n";
}

function drawLegend(
  legend: readonly LegendEntry[],
  { x: left, y }: { x: number; y: number },
): string {
  let x = left;
  const parts = legend.map((entry) => {
    const mark = {
      dot: `<circle cx="${x + 6}" cy="${y}" r="4" fill="${entry.color}"/>`,
      bar: `<rect x="${x}" y="${y - 5}" width="12" height="10" fill="${entry.color}"/>`,
      line: `<path d="M${x} ${y}h14" stroke="${entry.color}" stroke-width="2.5"/>`,
    }[entry.mark];
    const text = `<text x="${x + 18}" y="${y + 4}" font-size="12">${escapeXml(entry.label)}</text>`;
    x += entryWidth(entry);
    return mark + text + "\n";
  });
  return parts.join("");
}

function entryWidth(entry: LegendEntry): number {
  return 18 + textWidth(entry.label, 6.6) + 16;
}

/** There is no text measurement without a browser, so widths are the average of common fonts. */
function textWidth(text: string, perCharacter: number): number {
  return text.length * perCharacter;
}

function round(x: number): number {
  return Math.round(x * 100) / 100;
}
