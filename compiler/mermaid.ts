import type { ExecutionGraph } from "./execution_graph.ts";

/** The graph as a Mermaid flowchart: nodes with their settings, edges with what flows along them. */
export function mermaid(graph: ExecutionGraph): string {
  const name = (id: string): string => id.replaceAll(".", "_");
  const lines = ["flowchart TD"];
  for (const node of graph.nodes) {
    lines.push(`  ${name(node.id)}["${node.id}<br/>${node.label.replaceAll('"', "'")}"]`);
  }
  for (const node of graph.nodes) {
    for (const { node: from, port } of Object.values(node.inputs)) {
      const { type } = graph.nodes.find((n) => n.id === from)!.outputs[port];
      lines.push(`  ${name(from)} -- ${type} --> ${name(node.id)}`);
    }
  }
  return lines.join("\n") + "\n";
}
