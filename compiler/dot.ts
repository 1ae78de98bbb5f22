import type { ExecutionGraph } from "./execution_graph.ts";

/** The graph in Graphviz's DOT language: nodes with their settings, edges with what flows along them. */
export function dot(graph: ExecutionGraph): string {
  const lines = [`digraph ${quoted(graph.spec.name)} {`, "  node [shape=box];"];
  for (const { id, label } of graph.nodes) {
    lines.push(`  ${quoted(id)} [label=${quoted(`${id}\n${label}`)}];`);
  }
  for (const node of graph.nodes) {
    for (const { node: from, port } of Object.values(node.inputs)) {
      const { type } = graph.nodes.find((n) => n.id === from)!.outputs[port];
      lines.push(`  ${quoted(from)} -> ${quoted(node.id)} [label=${quoted(type)}];`);
    }
  }
  return [...lines, "}", ""].join("\n");
}

/** A quoted string of DOT, in which only quotes, backslashes and line breaks are special. */
function quoted(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `"${escaped}"`;
}
