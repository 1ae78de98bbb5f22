import type { GraphJSON } from "../dsl/spec.ts";
import {
  bindSizes,
  type Dim,
  type Expression,
  fromJSON,
  substitute,
  topological,
} from "../graph/mod.ts";

/**
 * What a user's traced function computes of these arguments; the schema has checked its inputs and its result.
 *
 * @param json The function's graph.
 * @param options.rows What the size "n" of the graph is here.
 * @param options.inputs An expression for each input of the graph, by name.
 */
export function applyTraced(
  json: GraphJSON,
  { rows, inputs }: { readonly rows: Dim; readonly inputs: Readonly<Record<string, Expression>> },
): Expression {
  const sized = bindSizes(fromJSON(json), { n: rows });
  const map = new Map<Expression, Expression>();
  for (const node of topological(sized)) {
    if (node.op === "input") map.set(node, inputs[node.attributes.name]);
  }
  return substitute(sized, map)[0];
}
