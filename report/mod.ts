/**
 * Pictures of samples, paths, marginals, densities and losses as SVG text, drawn by Observable Plot without a browser.
 * Each is a pure function: the same data gives the same bytes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const samples = { data: Float32Array.of(0, 0, 1, 1, 0, 1), shape: [3, 2] };
 * assert.match(samplesPlot({ samples, title: "Three points" }), /Three points/);
 * ```
 *
 * @module
 */
export { densityPlot, type DensityPlotOptions } from "./density_plot.ts";
export { lossPlot, type LossPlotOptions } from "./loss_plot.ts";
export { marginalsPlot, type MarginalsPlotOptions } from "./marginals_plot.ts";
export { pathsPlot, type PathsPlotOptions } from "./paths_plot.ts";
export { samplesPlot, type SamplesPlotOptions } from "./samples_plot.ts";
export type { Tensor } from "../graph/mod.ts";
