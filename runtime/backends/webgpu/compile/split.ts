/**
 * Long sums with few results, cut up so that they keep a device busy: each part is a result of its own, and who reads
 * the sum adds the few parts up, in a fixed order.
 */
import { type Expression, matmul, reshape, sum, topological } from "../../../../graph/mod.ts";
import { rebuild } from "../../../../graph/expression.ts";
import { count } from "../../../../graph/shape.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import type { Layout } from "./part.ts";

/** Parts at most: so few that whoever reads the sum adds them up on the way. */
const MOST_PARTS = 16;
/** Terms that a part has at least. */
const LEAST_TERMS = 128;
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
    done.set(node, splitProduct(same, layout) ?? splitTotal(same) ?? same);
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
