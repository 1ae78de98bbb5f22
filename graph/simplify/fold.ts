/** Constants that can be computed beforehand. */
import { constant } from "../build/leaf.ts";
import { evaluate } from "../evaluate.ts";
import { recordOf } from "../expression.ts";
import type { Expression } from "../types.ts";

/**
 * Results may be this large even if no input is: small tables are better than ops that make them.
 */
const SMALL = 16;

/** The value of an expression of constants, unless it takes more room than they do. */
export function fold(node: Expression): Expression | null {
  if (node.op === "size") {
    return typeof node.attributes.dim === "number"
      ? constant(node.attributes.dim, [], "i32")
      : null;
  }
  const inputs: readonly Expression[] = node.inputs;
  const known = inputs.length > 0 && inputs.every((x) => x.op === "constant");
  if (!known || recordOf(node).multiple || node.shape.some((dim) => typeof dim === "string")) {
    return null;
  }
  const room = Math.max(SMALL, ...inputs.map((x) => sizeOf(x)));
  if (sizeOf(node) > room || node.op === "broadcast") return null;
  const [{ data }] = evaluate([node], {});
  return constant(data, node.shape, node.dtype);
}

function sizeOf({ shape }: Expression): number {
  return shape.reduce<number>((n, dim) => n * Number(dim), 1);
}
