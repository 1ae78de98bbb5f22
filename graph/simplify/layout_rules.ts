import { exp, plus } from "../build/elementwise.ts";
import { broadcast, concat, reshape, reverse, slice, transpose } from "../build/layout.ts";
import { input } from "../build/leaf.ts";
import { matmul } from "../build/matmul.ts";
import { rebuild } from "../expression.ts";
import { broadcastShapes, sameShape } from "../shape.ts";
import type { Expression, Node } from "../types.ts";
import type { Rule } from "./rule.ts";

const m = input("m", [2, 3]);
const row = input("row", [3]);
const w = input("w", [3, 4]);

/** Rewrites of ops that only move elements. */
export const layoutRules: readonly Rule[] = [
  {
    name: "reshape(reshape(x)) -> reshape(x)",
    from: reshape(reshape(m, [3, 2]), [6]),
    to: reshape(m, [6]),
    rewrite: ({ inputs: [inner], shape }) =>
      inner?.op === "reshape" ? reshape(inner.inputs[0], shape) : null,
  },
  {
    name: "transpose(transpose(x)) -> transpose(x)",
    from: transpose(transpose(m)),
    to: m,
    rewrite: (node) => {
      if (node.op !== "transpose") return null;
      const [inner] = node.inputs;
      if (inner.op !== "transpose") return null;
      const { permutation } = inner.attributes;
      return transpose(
        inner.inputs[0],
        node.attributes.permutation.map((axis) => permutation[axis]),
      );
    },
  },
  {
    name: "broadcast(broadcast(x)) -> broadcast(x)",
    from: broadcast(broadcast(row, [2, 3]), [5, 2, 3]),
    to: broadcast(row, [5, 2, 3]),
    rewrite: ({ inputs: [inner], shape }) =>
      inner?.op === "broadcast" ? broadcast(inner.inputs[0], shape) : null,
  },
  {
    name: "reverse(reverse(x)) -> x",
    from: reverse(reverse(m, 0), 0),
    to: m,
    rewrite: (node) => {
      if (node.op !== "reverse") return null;
      const [inner] = node.inputs;
      if (inner.op !== "reverse") return null;
      const axes = node.attributes.axes;
      return sameShape(axes, inner.attributes.axes) ? inner.inputs[0] : null;
    },
  },
  {
    name: "slice(concat(x, y)) -> x",
    from: slice(concat([m, m], 0), { starts: [2, 0], ends: [4, 3] }),
    to: m,
    rewrite: (node) => node.op === "slice" ? sliceOfConcat(node) : null,
  },
  ...([0, 1] as const).map((side): Rule => ({
    name: side === 0
      ? "matmul(transpose(a), b) -> matmul(a, b, transposeA)"
      : "matmul(a, transpose(b)) -> matmul(a, b, transposeB)",
    from: side === 0 ? matmul(transpose(m), m) : matmul(m, transpose(m)),
    to: side === 0 ? matmul(m, m, { transposeA: true }) : matmul(m, m, { transposeB: true }),
    rewrite: (node) => node.op === "matmul" ? absorbTranspose(node, side) : null,
  })),
  {
    name: "matmul of equal rows -> broadcast(matmul of one row)",
    from: matmul(broadcast(row, [2, 3]), w),
    to: broadcast(matmul(reshape(row, [1, 3]), w), [2, 4]),
    rewrite: (node) => node.op === "matmul" ? matmulOfEqualRows(node) : null,
  },
];

/** Rewrites of broadcasts under elementwise ops, whichever they are. */
export const broadcastRules: readonly Rule[] = [
  {
    name: "f(broadcast(x), y) -> f(x, y) where y has the whole shape",
    from: plus(broadcast(row, [2, 3]), m),
    to: plus(row, m),
    applies: ({ elementwise }) => elementwise,
    rewrite: (node) => {
      const inputs: readonly Expression[] = node.inputs;
      const narrow = inputs.map((x) => x.op === "broadcast" ? x.inputs[0] : x);
      if (narrow.every((x, i) => x === inputs[i])) return null;
      const shape = narrow.reduce((s, x) => broadcastShapes(node.op, s, x.shape), narrow[0].shape);
      return sameShape(shape, node.shape) ? rebuild(node, narrow) : null;
    },
  },
  {
    name: "f(broadcast(x), broadcast(y)) -> broadcast(f(x, y))",
    from: exp(broadcast(row, [2, 3])),
    to: broadcast(exp(row), [2, 3]),
    applies: ({ elementwise }) => elementwise,
    rewrite: (node) => {
      const inputs: readonly Expression[] = node.inputs;
      if (!inputs.some((x) => x.op === "broadcast")) return null;
      const narrow = inputs.map((x) => x.op === "broadcast" ? x.inputs[0] : x);
      const result = rebuild(node, narrow);
      return sameShape(result.shape, node.shape) ? null : broadcast(result, node.shape);
    },
  },
];

function sliceOfConcat(node: Node<"slice">): Expression | null {
  const [whole] = node.inputs;
  if (whole.op !== "concat") return null;
  const { axis } = whole.attributes;
  let start = 0;
  for (const part of whole.inputs) {
    const { starts, ends, steps } = node.attributes;
    const end = start + (part.shape[axis] as number);
    const from = starts[axis];
    const to = ends[axis] as number;
    if (start <= from && to <= end) {
      return slice(part, {
        starts: starts.map((s, i) => i === axis ? s - start : s),
        ends: ends.map((e, i) => i === axis ? to - start : e),
        steps,
      });
    }
    start = end;
  }
  return null;
}

function absorbTranspose(node: Node<"matmul">, side: 0 | 1): Expression | null {
  const inner = node.inputs[side];
  if (inner.op !== "transpose") return null;
  const { permutation } = inner.attributes;
  const last = permutation.length - 1;
  const swaps = permutation.every((axis, i) =>
    axis === (i === last ? last - 1 : i === last - 1 ? last : i)
  );
  if (!swaps) return null;
  const [a, b] = node.inputs;
  const { transposeA, transposeB } = node.attributes;
  return side === 0
    ? matmul(inner.inputs[0], b, { transposeA: !transposeA, transposeB })
    : matmul(a, inner.inputs[0], { transposeA, transposeB: !transposeB });
}

function matmulOfEqualRows(node: Node<"matmul">): Expression | null {
  const [rows, b] = node.inputs;
  if (node.attributes.transposeA || rows.op !== "broadcast" || b.shape.length > 2) return null;
  const [source] = rows.inputs;
  const [count, size] = rows.shape;
  const distinct = source.shape.length > 1 ? source.shape[0] : 1;
  if (rows.shape.length !== 2 || distinct !== 1 || count === 1) return null;
  if (source.shape.at(-1) !== size) return null;
  return broadcast(matmul(reshape(source, [1, size]), b, node.attributes), node.shape);
}
