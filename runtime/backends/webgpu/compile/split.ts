/**
 * Long sums with few results, cut up so that they keep a device busy: each part is a result of its own, and who reads
 * the sum adds the few parts up, in a fixed order.
 */
import {
  convolutionWeight,
  cumulativeSum,
  type Expression,
  matmul,
  pad,
  plus,
  reshape,
  slice,
  sliceAxis,
  sum,
  topological,
} from "../../../../graph/mod.ts";
import { rebuild } from "../../../../graph/expression.ts";
import { count } from "../../../../graph/shape.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import type { Layout } from "./part.ts";

/** Parts at most: so few that whoever reads the sum adds them up on the way. */
const MOST_PARTS = 16;
/** Terms that a part has at least. */
const LEAST_TERMS = 128;
/** Elements in a part of a long scan. */
const SCANNED = 1024;
/** Scans side by side that keep a device busy without being cut up. */
const MANY_LINES = 256;
/** Parts of a convolution at most: each is a function of its own, which takes time to compile. */
const MOST_KERNELS = 4;
/** Results along each side of what one workgroup makes. */
const SIDE = 32;

/** The expressions with their long sums cut up, by the expressions as they were. */
export function split(
  ys: readonly Expression[],
  layout: Layout,
  isLeaf: (node: Expression) => boolean,
): Map<Expression, Expression> {
  const done = new Map<Expression, Expression>();
  for (const node of topological(ys, (node) => !isLeaf(node))) {
    const inputs = (node.inputs as readonly Expression[]).map((x) => done.get(x) ?? x);
    const moved = inputs.some((x, i) => x !== node.inputs[i]);
    const same = moved ? rebuild(node, inputs) : node;
    done.set(
      node,
      splitProduct(same, layout) ?? splitConvolution(same, layout) ?? splitTotal(same) ??
        splitScan(same) ?? same,
    );
  }
  return done;
}

/** The gradient of a weight: a product of tall factors, over all samples. */
function splitProduct(node: Expression, { busy }: Layout): Expression | null {
  if (node.op !== "matmul") return null;
  const { transposeA, transposeB } = node.attributes;
  const [a, b] = node.inputs;
  if (!transposeA || transposeB || a.shape.length !== 2 || b.shape.length !== 2) return null;
  const [[terms, rows], [, columns]] = [sizesOf(a), sizesOf(b)];
  const workgroups = Math.ceil(rows / SIDE) * Math.ceil(columns / SIDE);
  const parts = partsOf(terms, Math.ceil(busy / workgroups));
  if (parts === 1) return null;
  const cut = (x: Expression, width: number): Expression =>
    reshape(x, [parts, terms / parts, width]);
  return sum(matmul(cut(a, rows), cut(b, columns), { transposeA: true }), { axes: 0 });
}

/** The gradient of a convolution's kernels: a sum over all images, so each part takes some of these. */
function splitConvolution(node: Expression, { busy, merged }: Layout): Expression | null {
  if (node.op !== "convolutionWeight" || !merged) return null;
  const [x, g] = node.inputs;
  const [features, ...kernel] = sizesOf(node);
  const [images, , rows, columns] = sizesOf(g);
  const workgroups = Math.ceil(features / SIDE) * Math.ceil(count(kernel) / SIDE);
  let parts = 1;
  while (
    parts * 2 <= Math.min(MOST_KERNELS, Math.ceil(busy / workgroups)) &&
    images % (parts * 2) === 0 && images / (parts * 2) * rows * columns >= LEAST_TERMS
  ) parts *= 2;
  if (parts === 1) return null;
  const own = images / parts;
  const cut = (from: Expression, part: number): Expression =>
    sliceAxis(from, { axis: 0, start: part * own, end: (part + 1) * own });
  return Array.from(
    { length: parts },
    (_, part) => convolutionWeight(cut(x, part), cut(g, part), node.attributes),
  ).reduce(plus);
}

/** Sums up to each of many elements: those within parts, and those of the parts before. */
function splitScan(node: Expression): Expression | null {
  if (node.op !== "cumulativeSum") return null;
  const [x] = node.inputs;
  const { axis } = node.attributes;
  const sizes = sizesOf(node);
  const length = sizes[axis];
  const lines = count(sizes) / Math.max(1, length);
  if (length <= SCANNED || lines >= MANY_LINES) return null;
  const parts = Math.ceil(length / SCANNED);
  const at = (axes: readonly number[]): number[] => [
    ...sizes.slice(0, axis),
    ...axes,
    ...sizes.slice(axis + 1),
  ];
  const zeros = sizes.map(() => 0);
  const padded = pad(x, {
    low: zeros,
    high: zeros.map((_, i) => i === axis ? parts * SCANNED - length : 0),
  });
  const within = cumulativeSum(reshape(padded, at([parts, SCANNED])), axis + 1);
  const totals = sliceAxis(within, { axis: axis + 1, start: SCANNED - 1, end: SCANNED });
  const before = cumulativeSum(
    sliceAxis(
      pad(totals, {
        low: at([1, 0]).map((size, i) => i === axis ? size : 0),
        high: at([0, 0]).map(() => 0),
      }),
      { axis, start: 0, end: parts },
    ),
    axis,
  );
  return slice(reshape(plus(within, before), at([parts * SCANNED])), {
    starts: zeros,
    ends: sizes,
  });
}

/** The sum of all elements of a large tensor. */
function splitTotal(node: Expression): Expression | null {
  if (node.op !== "sum" || count(sizesOf(node)) !== 1) return null;
  const [x] = node.inputs;
  const terms = count(sizesOf(x));
  const parts = partsOf(terms, Math.floor(terms / LARGE));
  if (parts === 1) return null;
  const part = sum(reshape(x, [parts, terms / parts]), { axes: 1 });
  return reshape(sum(part, { axes: 0 }), node.shape);
}

/** Elements that one workgroup adds up alone. */
const LARGE = 16_384;

/** How many equal parts: a power of two. */
function partsOf(terms: number, wanted: number): number {
  let parts = 1;
  while (
    parts * 2 <= Math.min(MOST_PARTS, wanted) && terms % (parts * 2) === 0 &&
    terms / (parts * 2) >= LEAST_TERMS
  ) parts *= 2;
  return parts;
}
