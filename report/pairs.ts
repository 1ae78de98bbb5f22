import * as Plot from "npm:@observablehq/plot@0.6.17";
import { dots } from "./dots.ts";
import { drawPlot, figure, type LegendEntry, type Panel } from "./figure.ts";
import { histogramPanel } from "./histogram.ts";
import { columnOf, extentOf, spread, type Table } from "./table.ts";
import { theme } from "./theme.ts";

/** Points of each colour in one panel, and in all panels. */
const MOST_POINTS = 700;
const MOST_IN_ALL = 8_000;
const SIDE = 150;
const RADIUS = 1.2;

/**
 * Every pair of columns: histograms on the diagonal, below it the target's points with the samples over them.
 *
 * @returns An SVG file.
 */
export function pairsFigure(
  title: string,
  samples: Table,
  target: Table | undefined,
  names: readonly string[],
): string {
  const domains = names.map((_, column) =>
    extentOf(columnOf(target ?? samples, column), 0.998, 0.06)
  );
  const pairs = (names.length * (names.length - 1)) / 2;
  const limit = Math.min(MOST_POINTS, Math.floor(MOST_IN_ALL / pairs));
  const panels: Panel[] = [];
  names.forEach((name, row) => {
    for (let column = 0; column < row; column++) {
      panels.push({
        svg: pair(samples, target, column, row, [domains[column], domains[row]], limit),
        x: 20 + column * SIDE,
        y: row * SIDE,
        width: SIDE,
        height: SIDE,
      });
    }
    const { svg } = histogramPanel(
      columnOf(samples, row),
      target && columnOf(target, row),
      { domain: domains[row], label: name, width: SIDE, height: SIDE },
    );
    panels.push({ svg, x: 20 + row * SIDE, y: row * SIDE, width: SIDE, height: SIDE });
  });
  const legend: LegendEntry[] = target
    ? [
      { label: "target", color: theme.target, mark: "dot" },
      { label: "samples", color: theme.samples, mark: "dot" },
    ]
    : [];
  return figure(title, panels, legend);
}

function pair(
  samples: Table,
  target: Table | undefined,
  column: number,
  row: number,
  [x, y]: [[number, number], [number, number]],
  limit: number,
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
    marginLeft: 30,
    x: { domain: x, label: null, ticks: 3, nice: false },
    y: { domain: y, label: null, ticks: 3, nice: false },
    marks: [
      ...(target ? [dots(points(target), theme.target, RADIUS)] : []),
      dots(points(samples), theme.samples, RADIUS),
      Plot.frame({ stroke: theme.frame }),
    ],
  });
}
