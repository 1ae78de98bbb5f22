import type { CustomVelocitySpec } from "../../dsl/spec.ts";
import {
  bindSizes,
  broadcast,
  type Expression,
  fromJSON,
  OPS,
  topological,
} from "../../graph/mod.ts";
import { applyTraced } from "../traced.ts";
import type { Velocity } from "./velocity.ts";

/** A closed-form field from a traced function with inputs `t` ["n", 1] and `x` ["n", dim]. */
export function custom({ field }: Pick<CustomVelocitySpec, "field">): Velocity {
  return {
    name: "custom",
    parameters: [],
    apply(_parameters, t, x) {
      const rows = x.shape[0];
      return applyTraced(field, { rows, inputs: { t: broadcast(t, [rows, 1]), x } });
    },
    flops: (batch) =>
      topological(bindSizes(fromJSON(field), { n: batch }))
        .reduce((sum, node) => sum + operations(node), 0),
  };
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
