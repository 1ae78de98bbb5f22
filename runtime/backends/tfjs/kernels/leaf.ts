import type { Expression } from "../../../../graph/mod.ts";
import { Held } from "../held.ts";
import { type KernelTable, onTensors } from "../kernel.ts";

/** Expressions without inputs. */
export const leaf: KernelTable<"input" | "constant" | "variable" | "iota" | "size"> = {
  input: (_, node, frame) => frame.bound(node as Expression).retain(),
  constant: (_, node, frame) => frame.constant(node).retain(),
  variable: (_, node, frame) => frame.bound(node as Expression).retain(),
  iota: onTensors((_, { tf, attributes: { length }, shape }) =>
    tf.range(0, shape([length])[0], 1, "int32")
  ),
  size: (_, { attributes: { dim } }, { library, shape }) =>
    Held.scalar(library, "i32", shape([dim])[0]),
};
