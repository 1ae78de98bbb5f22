import * as Plot from "npm:@observablehq/plot@0.6.17";
import { drawPlot, type Panel } from "./figure.ts";
import { theme } from "./theme.ts";

/** Heights of equal bins over `domain`, as densities (they integrate to the share of values inside). */
export function densities(
  values: readonly number[],
  [low, high]: readonly [number, number],
  bins: number,
): number[] {
  const heights = new Array<number>(bins).fill(0);
  const width = (high - low) / bins;
  for (const value of values) {
    const bin = Math.floor((value - low) / width);
    if (bin >= 0 && bin < bins) heights[bin] += 1 / (values.length * width);
  }
  return heights;
}

/** Bins by the rule of Freedman and Diaconis, from 12 to 48. */
export function binCount(
  values: readonly number[],
  [low, high]: readonly [number, number],
): number {
  const sorted = Float64Array.from(values).sort();
  const quartile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))];
  const width = (2 * (quartile(0.75) - quartile(0.25))) / Math.cbrt(sorted.length);
  return Math.min(48, Math.max(12, width > 0 ? Math.round((high - low) / width) : 0));
}

/**
 * A histogram of the target as filled bars with the samples' outline over it.
 *
 * @param samples Values of one column of the samples.
 * @param target The same column of the target, if there is one.
 * @returns An SVG fragment of the size asked for.
 */
export function histogramPanel(
  samples: readonly number[],
  target: readonly number[] | undefined,
  options: { domain: [number, number]; label: string; width: number; height: number },
): Omit<Panel, "x" | "y"> {
  const { domain, label, width, height } = options;
  const bins = binCount(target && target.length > 0 ? target : samples, domain);
  const step = (domain[1] - domain[0]) / bins;
  const bars = (values: readonly number[]) =>
    densities(values, domain, bins).map((density, i) => ({
      low: domain[0] + i * step,
      high: domain[0] + (i + 1) * step,
      density,
    }));
  const outline = bars(samples).flatMap(({ low, high, density }) => [
    { x: low, density },
    { x: high, density },
  ]);
  const filled = target ? theme.target : theme.samples;
  const svg = drawPlot({
    width,
    height,
    marginTop: 8,
    marginRight: 10,
    marginBottom: 38,
    marginLeft: 14,
    x: { domain, label, labelAnchor: "center", labelArrow: "none", ticks: 5, nice: false },
    y: { axis: null, nice: true },
    marks: [
      Plot.rectY(bars(target ?? samples), {
        x1: "low",
        x2: "high",
        y: "density",
        fill: filled,
        fillOpacity: target ? 0.55 : 0.7,
        inset: 0.3,
      }),
      ...(target
        ? [Plot.line(outline, { x: "x", y: "density", stroke: theme.samples, strokeWidth: 1.8 })]
        : []),
      Plot.ruleY([0], { stroke: theme.text, strokeOpacity: 0.6 }),
    ],
  });
  return { svg, width, height, label: `Histogram of ${label}` };
}
