// deno-lint-ignore-file jsx-key -- rendered once, never updated
/** @jsxRuntime automatic */
/** @jsxImportSource npm:hono@4.13.19/jsx */
import { graphlib, layout } from "npm:@dagrejs/dagre@3.1.3";
import { type Html, textOf } from "./html.ts";
import type { ExecutionNode } from "../compiler/execution_graph.ts";
import { figure, inGrid, type Picture } from "./figure.ts";
import { formatDuration, formatNumber } from "./format.ts";
import { theme } from "./theme.ts";
import { wrap } from "./wrap.ts";

/** What `graphPlot` draws. */
export interface GraphPlotOptions {
  /** Nodes of an execution graph. */
  readonly nodes: readonly ExecutionNode[];
  /** Seconds that nodes took, by id. */
  readonly seconds?: ReadonlyMap<string, number>;
  /** Shown at the top; "Execution graph" by default. */
  readonly title?: string;
  /** Whether it runs from left to right, for wide places, or from top to bottom; "right" by default. */
  readonly direction?: "right" | "down";
}

/**
 * The execution graph of a pipeline: what each node does, and what flows between them. Metrics, which all take in the
 * same, are drawn as one.
 *
 * @returns An SVG file.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compile, data, pipeline } from "../mod.ts";
 * const { nodes } = compile(pipeline({ target: data.twoMoons() }));
 * assert.match(graphPlot({ nodes }), /training/);
 * ```
 */
export function graphPlot(options: GraphPlotOptions): string {
  return figure(graphPicture(options));
}

/** The parts of {@link graphPlot}. */
export function graphPicture(options: GraphPlotOptions): Picture {
  const { nodes, seconds = new Map(), direction = "right" } = options;
  const boxes = boxesOf(nodes, seconds, direction);
  const edges = edgesOf(nodes);
  const graph = new graphlib.Graph();
  graph.setGraph({
    rankdir: direction === "right" ? "LR" : "TB",
    nodesep: direction === "right" ? 16 : 8,
    ranksep: direction === "right" ? 34 : 30,
    edgesep: 8,
    marginx: 2,
    marginy: 2,
  });
  for (const box of boxes) graph.setNode(box.id, { width: box.width, height: box.height });
  for (const { from, to, type } of edges) {
    graph.setEdge(from, to, { width: type.length * 6 + 4, height: 12, labelpos: "c" });
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const svg = textOf(
    <g font-size="11">
      {edges.map((edge) => {
        const { points, x, y } = graph.edge(edge.from, edge.to) as unknown as Route;
        return <Arrow points={points} label={edge.type} x={x} y={y} />;
      })}
      {boxes.map((box) => {
        const { x, y } = graph.node(box.id) as unknown as Point;
        return <NodeBox box={box} x={x - box.width / 2} y={y - box.height / 2} />;
      })}
    </g>,
  );
  const flows = edges.map(({ from, to, type }) => `${from} gives ${type} to ${to}`);
  return {
    title: options.title ?? "Execution graph",
    panels: inGrid([{
      svg,
      width: Math.ceil(width),
      height: Math.ceil(height),
      label: `Execution graph: ${flows.join("; ")}`,
    }], 1),
    legend: [],
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Route extends Point {
  readonly points: readonly Point[];
}

/** A node as it is drawn. */
interface Box {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
  /** Whether it is work that takes time, drawn stronger. */
  readonly work: boolean;
}

const METRICS = "metrics";
const LINE = 14;

function boxesOf(
  nodes: readonly ExecutionNode[],
  seconds: ReadonlyMap<string, number>,
  direction: "right" | "down",
): Box[] {
  const narrow = direction === "down";
  const box = (id: string, title: string, texts: readonly string[], took: number): Box => {
    const lines = texts.flatMap((text) => wrap(text, narrow ? 13 : 24, narrow ? 12 : 9));
    if (took > 0) lines.push(formatDuration(took));
    const longest = Math.max(title.length * 1.12, ...lines.map((line) => line.length));
    return {
      ...{ id, title, lines, work: took > 0 },
      width: Math.max(narrow ? 64 : 80, Math.ceil(longest * 6.2) + 14),
      height: 25 + lines.length * LINE,
    };
  };
  const boxes = nodes.filter((node) => node.kind !== "metric").map((node) => {
    // a label repeats the kind where the part has no kind of its own
    const text = node.label.replace(new RegExp(`^${node.kind}\\b\\(?`), "").replace(/\)$/, "");
    const label = node.label.startsWith(node.kind) ? text : node.label;
    const facts = label === "" ? [] : [label];
    if (node.parameters !== null) facts.push(`${formatNumber(node.parameters)} parameters`);
    return box(node.id, node.kind, facts, seconds.get(node.id) ?? 0);
  });
  const metrics = nodes.filter((node) => node.kind === "metric");
  if (metrics.length > 0) {
    const took = metrics.reduce((sum, { id }) => sum + (seconds.get(id) ?? 0), 0);
    const names = metrics.map(({ id }) => id.replace(/^metric\./, ""));
    boxes.push(box(METRICS, METRICS, names, took));
  }
  return boxes;
}

function edgesOf(nodes: readonly ExecutionNode[]): { from: string; to: string; type: string }[] {
  const edges = new Map<string, { from: string; to: string; type: string }>();
  for (const node of nodes) {
    const to = node.kind === "metric" ? METRICS : node.id;
    for (const { node: from, port } of Object.values(node.inputs)) {
      const { type } = nodes.find(({ id }) => id === from)!.outputs[port];
      edges.set(JSON.stringify([from, to]), { from, to, type });
    }
  }
  return [...edges.values()];
}

function NodeBox({ box, x, y }: { box: Box; x: number; y: number }): Html {
  return (
    <g transform={`translate(${round(x)},${round(y)})`}>
      <rect
        width={box.width}
        height={box.height}
        rx="6"
        fill={theme.background}
        stroke={box.work ? theme.samples : theme.faint}
        stroke-width={box.work ? 1.6 : 1}
      />
      <text x="8" y="17" font-weight="600" font-size="12">{box.title}</text>
      {box.lines.map((line, i) => <text x="8" y={32 + i * LINE} font-size="10.5">{line}</text>)}
    </g>
  );
}

function Arrow({ points, label, x, y }: Route & { label: string }): Html {
  const end = points[points.length - 1];
  const before = points[points.length - 2];
  const angle = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  return (
    <g>
      <path d={through(points)} fill="none" stroke={theme.source} stroke-width="1" />
      <path
        d="M0 0L-7 -3.2V3.2Z"
        fill={theme.source}
        transform={`translate(${round(end.x)},${round(end.y)}) rotate(${round(angle)})`}
      />
      <rect
        x={round(x - label.length * 3.2 - 1)}
        y={round(y - 7)}
        width={round(label.length * 6.4 + 2)}
        height="14"
        fill={theme.background}
      />
      <text x={round(x)} y={round(y + 3.5)} text-anchor="middle" font-size="10" fill={theme.source}>
        {label}
      </text>
    </g>
  );
}

/** A smooth curve along points: parabolas from middle to middle. */
function through(points: readonly Point[]): string {
  const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
  const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  let path = `M${at(points[0])}`;
  for (let i = 1; i < points.length - 1; i++) {
    path += `Q${at(points[i])} ${at(middle(points[i], points[i + 1]))}`;
  }
  return `${path}L${at(points[points.length - 1])}`;
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
