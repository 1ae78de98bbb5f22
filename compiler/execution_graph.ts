import type { Shape } from "../graph/mod.ts";
import type { PipelineSpec } from "../dsl/mod.ts";
import { type NodeKind, PORTS, type PortType } from "./ports.ts";

/** One output of a node, by name. */
export interface PortReference {
  /** Id of the node. */
  readonly node: string;
  /** Name of its output. */
  readonly port: string;
}

/** An output port: what flows out of it, and its shape per sample batch. */
export interface OutputPort {
  /** What flows out. */
  readonly type: PortType;
  /** Sizes, a name for those bound at run time. */
  readonly shape: Shape;
}

/** A node of the execution graph: one piece of work, named by the content that determines its result. */
export interface ExecutionNode {
  /** Unique within the graph: its kind, with the metric's name for metrics. */
  readonly id: string;
  /** What it does; its ports follow from it. */
  readonly kind: NodeKind;
  /** The part of the pipeline spec in a few words, such as `optimalTransport`. */
  readonly label: string;
  /** For each input port, the output that it is joined to. */
  readonly inputs: Readonly<Record<string, PortReference>>;
  /** Output ports by name. */
  readonly outputs: Readonly<Record<string, OutputPort>>;
  /** SHA-256 over everything that determines the result: own settings, seed, data, inputs' hashes. */
  readonly hash: string;
  /** Trainable numbers, for velocities. */
  readonly parameters: number | null;
  /** Floating-point operations of one step of this node (a training step, or one field evaluation of one sample). */
  readonly flopsPerStep: number | null;
}

/** What the compiler makes of a spec: typed nodes and edges in an order in which they can run. */
export interface ExecutionGraph {
  /** What it was made from. */
  readonly spec: PipelineSpec;
  /** SHA-256 of the spec. */
  readonly hash: string;
  /** Dimension of the space that the flow lives in. */
  readonly dim: number;
  /** In an order in which they can run. */
  readonly nodes: readonly ExecutionNode[];
}

/** The node of this id. */
export function nodeOf(graph: ExecutionGraph, id: string): ExecutionNode {
  const node = graph.nodes.find((n) => n.id === id);
  if (node === undefined) {
    throw new RangeError(
      `The graph has no node '${id}'; it has ${graph.nodes.map((n) => n.id).join(", ")}`,
    );
  }
  return node;
}

/**
 * Checks what every execution graph must satisfy: inputs name earlier nodes, and port types agree.
 *
 * @throws {TypeError} If an edge is missing or joins ports of different types.
 */
export function checkGraph(graph: ExecutionGraph): void {
  const seen = new Map<string, ExecutionNode>();
  for (const node of graph.nodes) {
    for (const [port, type] of Object.entries(PORTS[node.kind].inputs)) {
      const edge = node.inputs[port];
      const from = edge && seen.get(edge.node)?.outputs[edge.port];
      if (from === undefined) {
        throw new TypeError(`Node '${node.id}' lacks its input '${port}' (${type})`);
      }
      if (from.type !== type) {
        throw new TypeError(
          `Cannot join '${edge.node}.${edge.port}' (${from.type}) to '${node.id}.${port}' as port types must be equal: it takes ${type}`,
        );
      }
    }
    seen.set(node.id, node);
  }
}

/** A node and all that it is made from, in the order of the graph. */
export function ancestorsOf(graph: ExecutionGraph, id: string): readonly ExecutionNode[] {
  const needed = new Set([id]);
  for (const node of graph.nodes.toReversed()) {
    if (!needed.has(node.id)) continue;
    for (const input of Object.values(node.inputs)) needed.add(input.node);
  }
  return graph.nodes.filter((node) => needed.has(node.id));
}
