import type { Node, OpName } from "../../../../graph/mod.ts";
import { GpuError } from "../errors.ts";

/** The sizes of an expression, all of which are numbers by now. */
export function sizesOf({ op, shape }: Pick<Node<OpName>, "op" | "shape">): readonly number[] {
  for (const dim of shape) {
    if (typeof dim === "number") continue;
    throw new GpuError(
      `Cannot compile a ${op} of shape [${shape}] as the size ${dim} is known only when a loop ends. ` +
        "Use --backend cpu",
    );
  }
  return shape as readonly number[];
}
