/**
 * How runs, execution graphs and what models draw look in a notebook.
 *
 * @module
 */
import { setDrawer } from "../compiler/display.ts";
import type { ExecutionGraph } from "../compiler/execution_graph.ts";
import { tree, type TreeNode } from "../compiler/tree.ts";
import type { Solved } from "../runtime/model.ts";
import { readRecord } from "../runtime/record.ts";
import type { Run } from "../runtime/run.ts";
import { formatMeasured, formatNumber } from "./terminal/mod.ts";

// Loaded when something is shown, not above: a program that shows nothing starts sooner.
const drawing = () => import("../report/mod.ts");

setDrawer("graph", async (graph: ExecutionGraph) => {
  const { graphPlot } = await drawing();
  const { nodes, spec } = graph;
  return {
    "image/svg+xml": graphPlot({ nodes, title: spec.name }),
    "text/plain": lines(tree(graph)).join("\n"),
  };
});

setDrawer("run", async ({ folder, metrics, graph }: Run) => {
  const { runSummary } = await drawing();
  const measured = metrics.map(({ name, value, standardError, unit }) =>
    `${name} ${formatMeasured(value, standardError)} ${unit}`
  );
  return {
    "text/html": runSummary(await readRecord(folder)),
    "text/plain": [`${graph.spec.name} in ${folder}`, ...measured].join("\n"),
  };
});

setDrawer("samples", async (samples: Solved) => {
  const { samplesPlot } = await drawing();
  return { "image/svg+xml": samplesPlot({ samples }), "text/plain": describe(samples) };
});

setDrawer("trajectory", async (trajectory: Solved) => {
  const { pathsPlot } = await drawing();
  const [, , ...event] = trajectory.shape;
  const plane = event.reduce((product, size) => product * size, 1) === 2;
  return {
    ...(plane ? { "image/svg+xml": pathsPlot({ trajectory }) } : {}),
    "text/plain": describe(trajectory),
  };
});

function describe({ shape, solve: { evaluations } }: Solved): string {
  return `[${shape.join(", ")}], ${formatNumber(evaluations.mean)} evaluations a sample`;
}

function lines(node: TreeNode, indent = ""): string[] {
  const text = `${indent}${node.label}${node.detail === "" ? "" : `: ${node.detail}`}`;
  return [text, ...node.children.flatMap((child) => lines(child, `${indent}  `))];
}
