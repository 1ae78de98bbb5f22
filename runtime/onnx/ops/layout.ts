import type { Node } from "../../../graph/mod.ts";
import type { Context, LoweringTable } from "../lowering.ts";
import { scalar, zeros } from "./leaf.ts";

type Layout =
  | "reshape"
  | "transpose"
  | "broadcast"
  | "concat"
  | "slice"
  | "pad"
  | "reverse"
  | "gather"
  | "scatterAdd";

const TO_END = 2 ** 53 - 1; // beyond every axis, and exact as a JavaScript number

/** Ops that move elements. */
export const layout: LoweringTable<Layout> = {
  reshape: ({ attributes: { shape } }, [x], context) =>
    context.scope.node("Reshape", [x, context.sizes(shape)], { allowzero: 1 }),
  transpose: ({ attributes: { permutation } }, [x], { scope }) =>
    scope.node("Transpose", [x], { perm: permutation }),
  broadcast: ({ attributes: { shape } }, [x], context) =>
    context.scope.node("Expand", [x, context.sizes(shape)]),
  concat: ({ attributes: { axis } }, inputs, { scope }) => scope.node("Concat", inputs, { axis }),
  slice: (node, [x], context) => {
    const { starts, ends, steps } = node.attributes;
    const from = node.inputs[0].shape;
    const axes = from.flatMap((dim, i) =>
      starts[i] === 0 && steps[i] === 1 && ends[i] === dim ? [] : [i]
    );
    const { scope } = context;
    return scope.node("Slice", [
      x,
      scope.ints(axes.map((i) => starts[i])),
      context.sizes(axes.map((i) => ends[i])),
      scope.ints(axes),
      scope.ints(axes.map((i) => steps[i])),
    ]);
  },
  pad: ({ attributes: { low, high }, dtype }, [x], context) => {
    const { scope } = context;
    return scope.node("Pad", [x, scope.ints([...low, ...high]), scalar(context, 0, dtype)]);
  },
  reverse: ({ attributes: { axes } }, [x], { scope }) =>
    scope.node("Slice", [
      x,
      scope.ints(axes.map(() => -1)),
      scope.ints(axes.map(() => -TO_END)),
      scope.ints(axes),
      scope.ints(axes.map(() => -1)),
    ]),
  gather: ({ attributes: { axis } }, [x, indices], { scope }) =>
    scope.node("Gather", [x, indices], { axis }),
  scatterAdd,
};

/** Adds slices at indices. ONNX wants one index per updated element, so the indices are stretched. */
function scatterAdd(
  node: Node<"scatterAdd">,
  [indices, updates]: readonly string[],
  context: Context,
): string {
  const { scope } = context;
  const { axis } = node.attributes;
  const [places, from] = node.inputs.map((x) => x.shape);
  const none = zeros(node, context);
  if (from.includes(0)) return none; // ONNX Runtime takes indices of no elements for others
  const before = from.slice(0, axis);
  const after = from.slice(axis + places.length);
  const folded = scope.node("Concat", [
    context.sizes(before),
    scope.ints([-1]),
    context.sizes(after),
  ], {
    axis: 0,
  });
  const rows = places.length === 1 ? updates : scope.node("Reshape", [updates, folded]);
  const lifted = scope.node("Reshape", [
    indices,
    scope.ints([...before.map(() => 1), -1, ...after.map(() => 1)]),
  ]);
  const every = scope.node("Expand", [lifted, scope.node("Shape", [rows])]);
  return scope.node("ScatterElements", [none, every, rows], { axis, reduction: "add" });
}
