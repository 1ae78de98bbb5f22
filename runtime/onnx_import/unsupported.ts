import type { GraphProto, NodeProto } from "../onnx/proto.ts";
import { isStandard } from "./model_file.ts";
import { onnxOp, SUPPORTED } from "./table.ts";

/** The operator of a node, with its domain where that is not the standard one. */
function operatorOf({ domain, opType }: NodeProto): string {
  return isStandard(domain) ? opType ?? "" : `${domain}.${opType}`;
}

/** The nodes of a graph and of the graphs within it. */
function* nodesOf({ node }: GraphProto): Generator<NodeProto> {
  for (const one of node ?? []) {
    yield one;
    for (const { g } of one.attribute ?? []) if (g) yield* nodesOf(g);
  }
}

/** The nodes that an output is made from, however they are ordered, with the nodes of the graphs within them. */
function* neededFor(output: string, graph: GraphProto): Generator<NodeProto> {
  const makers = new Map<string, NodeProto>();
  for (const node of graph.node ?? []) for (const name of node.output ?? []) makers.set(name, node);
  const seen = new Set<NodeProto>();
  const names = [output];
  while (names.length > 0) {
    const node = makers.get(names.pop()!);
    if (node === undefined || seen.has(node)) continue;
    seen.add(node);
    const inner = [...nodesOf({ node: [node] })];
    yield* inner;
    for (const { input } of inner) names.push(...input ?? []);
  }
}

/** In words, all operators that an output needs and that are not supported, each with where it occurs; null for none. */
export function unsupported(output: string, graph: GraphProto): string | null {
  const places = new Map<string, string[]>();
  for (const node of neededFor(output, graph)) {
    if (isStandard(node.domain) && onnxOp(node.opType ?? "") !== undefined) continue;
    const operator = operatorOf(node);
    const place = node.name || `(makes ${node.output?.[0]})`;
    places.set(operator, [...places.get(operator) ?? [], place]);
  }
  if (places.size === 0) return null;
  const lines = [...places].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([operator, where]) => `  ${operator} at ${where.reverse().join(", ")}`);
  const what = places.size === 1 ? "an operator that is" : `${places.size} operators that are`;
  return `it needs ${what} not supported:\n${lines.join("\n")}\n` +
    `Supported are the ${SUPPORTED.length} that docs/import.md lists, for networks that compute each row by itself`;
}
