import * as Plot from "npm:@observablehq/plot@0.6.17";
import { dots } from "./dots.ts";
import { drawPlot, type LegendEntry, type Panel, type Picture } from "./figure.ts";
import { histogramPanel } from "./histogram.ts";
import { columnOf, extentOf, spread, type Table } from "./table.ts";
import { theme } from "./theme.ts";

/** Points of each colour in one panel, and in all panels. */
const MOST_POINTS = 700;
const MOST_IN_ALL = 8_000;
const SIDE = 170;
const RADIUS = 1.2;

/**
 * Every pair of columns: histograms on the diagonal, below it the target's points with the samples over them.
 */
export function pairsPicture(
  title: string,
  samples: Table,
  target: Table | undefined,
  names: readonly string[],
): Picture {
  const domains = names.map((_, column) =>
    extentOf(columnOf(target ?? samples, column), 0.998, 0.06)
  );
  const pairs = (names.length * (names.length - 1)) / 2;
  const limit = Math.min(MOST_POINTS, Math.floor(MOST_IN_ALL / pairs));
  const panels: Panel[] = [];
  names.forEach((name, row) => {
    for (let column = 0; column < row; column++) {
      panels.push({
        svg: pair(samples, target, {
          columns: [column, row],
          names: [names[column], name],
          domains: [domains[column], domains[row]],
          limit,
        }),
        label: `Scatter: ${name} against ${names[column]}`,
        place: [row + 1, column + 1],
        x: column * SIDE,
        y: row * SIDE,
        width: SIDE,
        height: SIDE,
      });
    }
    const histogram = histogramPanel(
      columnOf(samples, row),
      target && columnOf(target, row),
      { domain: domains[row], label: name, width: SIDE, height: SIDE },
    );
    panels.push({ ...histogram, place: [row + 1, row + 1], x: row * SIDE, y: row * SIDE });
  });
  const legend: LegendEntry[] = target
    ? [
      { label: "target", color: theme.target, mark: "dot" },
      { label: "samples", color: theme.samples, mark: "dot" },
    ]
    : [];
  return { title, panels, legend };
}

function pair(
  samples: Table,
  target: Table | undefined,
  { columns: [column, row], names, domains: [x, y], limit }: {
    columns: [number, number];
    names: [string, string];
    domains: [[number, number], [number, number]];
    limit: number;
  },
): string {
  const points = (table: Table) =>
    spread(table.rows, limit)
      .map((i): [number, number] => [table.at(i, column), table.at(i, row)])
      .filter(([u, v]) => u >= x[0] && u <= x[1] && v >= y[0] && v <= y[1]);
  return drawPlot({
    width: SIDE,
    height: SIDE,
    marginTop: 8,
    marginRight: 10,
    marginBottom: 38,
    marginLeft: 46,
    x: { domain: x, label: names[0], labelAnchor: "center", labelArrow: "none", ticks: 3 },
    y: { domain: y, label: names[1], labelAnchor: "center", labelArrow: "none", ticks: 3 },
    marks: [
      ...(target ? [dots(points(target), theme.target, RADIUS)] : []),
      dots(points(samples), theme.samples, RADIUS),
      Plot.frame({ stroke: theme.frame }),
    ],
  });
}
