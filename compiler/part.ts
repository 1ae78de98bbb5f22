import type { PipelineSpec } from "../dsl/mod.ts";
import type { ExecutionGraph, ExecutionNode } from "./execution_graph.ts";
import type { NodeKind } from "./ports.ts";

/** The field of a spec that each kind of node does; of metrics there are several. */
const FIELDS: Readonly<Record<NodeKind, keyof PipelineSpec>> = {
  source: "source",
  data: "target",
  coupling: "coupling",
  interpolant: "interpolant",
  velocity: "velocity",
  closedForm: "velocity",
  objective: "objective",
  training: "training",
  solver: "solver",
  metric: "metrics",
};

/** The part of a spec that a node does, the field it stands in, and its path, such as `metrics[0]`. */
export function partOf(
  { spec, nodes }: ExecutionGraph,
  { id, kind }: ExecutionNode,
): { readonly field: keyof PipelineSpec; readonly path: string; readonly part: unknown } {
  const field = FIELDS[kind];
  const value = spec[field];
  if (!Array.isArray(value)) return { field, path: field, part: value };
  const index = nodes.filter((node) => node.kind === kind).findIndex((node) => node.id === id);
  return { field, path: `${field}[${index}]`, part: value[index] };
}
