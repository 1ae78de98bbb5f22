/**
 * Pictures of samples, paths, marginals, densities, losses and execution graphs as SVG text, drawn without a browser, and
 * the report that holds them all. Each is a pure function: the same data gives the same bytes.
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
export { graphPlot, type GraphPlotOptions } from "./graph_picture.tsx";
export { lossPlot, type LossPlotOptions } from "./loss_plot.ts";
export { marginalsPlot, type MarginalsPlotOptions } from "./marginals_plot.ts";
export { pathsPlot, type PathsPlotOptions } from "./paths_plot.ts";
export { reportPage } from "./page/page.tsx";
export { runSummary } from "./page/run_summary.tsx";
export { samplesPlot, type SamplesPlotOptions } from "./samples_plot.ts";
export type { Tensor } from "../graph/mod.ts";
