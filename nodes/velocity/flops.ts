import {
  bindSizes,
  type Expression,
  fromJSON,
  type GraphJSON,
  OPS,
  topological,
} from "../../graph/mod.ts";

/** Floating-point operations of a traced field for a batch, about. */
export function flopsOf(field: GraphJSON, batch: number): number {
  return topological(bindSizes(fromJSON(field), { n: batch }))
    .reduce((sum, node) => sum + operations(node), 0);
}

/** Operations of one node: two for each multiply-add of a matrix product, one for each element of an elementwise op. */
function operations(node: Expression): number {
  const elements = (node.shape as readonly number[]).reduce((a, b) => a * b, 1);
  if (node.op === "matmul") {
    const [{ shape }] = node.inputs;
    return 2 * elements * (shape[shape.length - (node.attributes.transposeA ? 2 : 1)] as number);
  }
  return OPS[node.op].elementwise ? elements : 0;
}
