import { type ExecutionGraph, type ExecutionNode, nodeOf } from "./execution_graph.ts";

/** A node of the graph unfolded into a tree: what it is, then its shapes, counts and cost. */
export interface TreeNode {
  readonly label: string;
  readonly detail: string;
  readonly children: readonly TreeNode[];
}

/** The graph as a tree: results first, under each what it is made from; what was shown before is not unfolded again. */
export function tree(graph: ExecutionGraph): TreeNode {
  const used = new Set(
    graph.nodes.flatMap((node) => Object.values(node.inputs).map((input) => input.node)),
  );
  const shown = new Set<string>();
  const unfold = (id: string): TreeNode => {
    if (shown.has(id)) return { label: id, detail: "shown above", children: [] };
    shown.add(id);
    const node = nodeOf(graph, id);
    const inputs = [...new Set(Object.values(node.inputs).map((input) => input.node))];
    return { label: titleOf(node), detail: detailOf(node), children: inputs.map(unfold) };
  };
  return {
    label: graph.spec.name,
    detail: `hash ${graph.hash.slice(0, 12)}, seed ${graph.spec.seed}, dimension ${graph.dim}`,
    children: graph.nodes.filter((node) => !used.has(node.id)).map((node) => unfold(node.id)),
  };
}

function titleOf(node: ExecutionNode): string {
  const kind = node.kind === "metric" ? "metric" : node.id;
  return node.label === kind ? kind : `${kind} ${node.label.replace(/^training\(/, "(")}`;
}

function detailOf(node: ExecutionNode): string {
  const facts = Object.values(node.outputs)
    .filter((port) => port.shape.length > 0)
    .map((port) => `${port.type} [${port.shape.join(", ")}]`);
  if (node.parameters !== null) facts.push(`${short(node.parameters)} parameters`);
  if (node.flopsPerStep !== null) {
    facts.push(
      `${short(node.flopsPerStep)}FLOP a ${
        node.kind === "training" ? "step" : "sample's evaluation"
      }`,
    );
  }
  return facts.join(", ");
}

/** Large counts with a unit, such as 133 k or 1.2 G. */
function short(count: number): string {
  const units = ["", "k", "M", "G", "T"];
  const power = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  return `${Number((count / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
