import type { Expression, OpName } from "../../../graph/mod.ts";
import type { Context, LoweringTable } from "../lowering.ts";
import { elementType } from "../lowering.ts";
import { ELEMENT_TYPES, type Elements } from "../proto.ts";

/** The element type number of int32, the `to` of casts to it. */
export const INT32: number = ELEMENT_TYPES.int32;

/** A scalar of a dtype. */
export function scalar(context: Context, value: number, dtype: "f32" | "i32" | "bool"): string {
  return context.scope.constant(elementsOf([value], dtype), []);
}

/** Zeros, of the shape and dtype of a node. */
export function zeros(
  { dtype, shape }: Pick<Expression, "dtype" | "shape">,
  context: Context,
): string {
  return context.scope.node("Expand", [scalar(context, 0, dtype), context.sizes(shape)]);
}

/** Doubles as elements of a dtype. */
export function elementsOf(data: ArrayLike<number>, dtype: "f32" | "i32" | "bool"): Elements {
  if (dtype === "f32") return Float32Array.from(data);
  return dtype === "i32" ? Int32Array.from(data) : Uint8Array.from(data);
}

const bound = (node: { op: OpName }): never => {
  throw new Error(`Cannot lower ${node.op}: it has no value here`);
};

/** Values that come from nothing. Inputs and variables are bound before lowering starts. */
export const leaf: LoweringTable<"input" | "variable" | "constant" | "iota" | "size"> = {
  input: bound,
  variable: bound,
  constant: ({ attributes: { data, shape, dtype } }, _inputs, { scope }) =>
    scope.constant(elementsOf(data, dtype), shape as readonly number[]),
  iota: ({ attributes: { length } }, _inputs, context) => {
    const { scope } = context;
    if (typeof length === "number" && length <= 4096) {
      return scope.constant(Int32Array.from({ length }, (_, i) => i), [length]);
    }
    const range = [scope.int(0), context.size(length), scope.int(1)];
    return scope.node("Cast", [scope.node("Range", range)], { to: INT32 });
  },
  size: ({ attributes: { dim }, dtype }, _inputs, context) =>
    context.scope.node("Cast", [context.size(dim)], { to: ELEMENT_TYPES[elementType(dtype)] }),
};
