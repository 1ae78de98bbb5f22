/**
 * Programs that work row by row: what they make of one row never looks at another, so that any few rows can be carried
 * through all of it, loops included, before the next few begin.
 *
 * Rows are told by the name of their size, before it is a number: an expression whose first axis has that name holds a row
 * for each, and one without names is the same for all.
 */
import {
  type Expression,
  type Node,
  type OpName,
  type Program,
  rootsOfProgram,
  type Shape,
  topological,
} from "../../../../../graph/mod.ts";
import { rootsOf } from "../../../../../graph/loop_body.ts";
import { endsByRow } from "./ended.ts";

/** Whether an expression holds a row for each. */
type IsRows = (node: Expression) => boolean;

/** Whether an op with rows among its inputs makes each row of its result of the same row alone. */
type Rule<K extends OpName> = (node: Node<K>, isRows: IsRows) => boolean;

const always = (): boolean => true;
const never = (): boolean => false;

/** Rows broadcast along their own axis alone: it is the first of the result too. */
const aligned = (
  node: { readonly shape: Shape; readonly inputs: readonly Expression[] },
  isRows: IsRows,
): boolean => node.inputs.every((x) => !isRows(x) || x.shape.length === node.shape.length);

const withoutRows = ({ attributes: { axes } }: Node<"sum"> | Node<"reduceMax"> | Node<"reverse">) =>
  !axes.includes(0);

/** For every op, when it works row by row: a new one does not compile until it stands here. */
const ROWWISE: { readonly [K in OpName]: Rule<K> } = {
  input: always,
  constant: always,
  variable: always,
  iota: never,
  size: never,

  negate: aligned,
  exp: aligned,
  log: aligned,
  log1p: aligned,
  sqrt: aligned,
  reciprocal: aligned,
  sin: aligned,
  cos: aligned,
  tanh: aligned,
  sigmoid: aligned,
  softplus: aligned,
  erf: aligned,
  abs: aligned,
  sign: aligned,
  floor: aligned,
  not: aligned,
  stopGradient: aligned,
  cast: aligned,
  add: aligned,
  sub: aligned,
  mul: aligned,
  div: aligned,
  pow: aligned,
  max: aligned,
  min: aligned,
  equal: aligned,
  less: aligned,
  lessEqual: aligned,
  and: aligned,
  or: aligned,
  select: aligned,

  sum: withoutRows,
  reduceMax: withoutRows,
  argMax: ({ attributes: { axis } }) => axis !== 0,
  cumulativeSum: ({ attributes: { axis } }) => axis !== 0,

  matmul: ({ inputs: [a, b], attributes: { transposeA } }, isRows) => {
    const batched = (x: Expression): boolean => !isRows(x) || x.shape.length > 2;
    if (batched(a) && batched(b)) return true;
    return isRows(a) && !isRows(b) && !transposeA && b.shape.length === 2;
  },
  convolution: never,
  convolutionInput: never,
  convolutionWeight: never,

  reshape: always,
  transpose: ({ attributes: { permutation } }) => permutation[0] === 0,
  broadcast: aligned,
  concat: ({ attributes: { axis } }) => axis !== 0,
  slice: ({ attributes: { starts, steps } }) => starts[0] === 0 && steps[0] === 1,
  pad: ({ attributes: { low, high } }) => low[0] === 0 && high[0] === 0,
  reverse: withoutRows,
  gather: ({ inputs: [x, indices], attributes: { axis } }, isRows) =>
    isRows(x) ? axis !== 0 && !isRows(indices) : axis === 0,
  scatterAdd: never,

  loop: ({ attributes: { body } }, isRows) => {
    const used = rootsOf(body).filter((y) => y !== body.condition);
    return body.collect.length === 0 && allRowwise(used, isRows) &&
      (body.condition === null || endsByRow(body));
  },
  // How many iterations there were is a matter of all rows.
  item: ({ inputs: [loop], attributes: { index } }) =>
    index < (loop as Expression & Node<"loop">).attributes.body.next.length,
  random: never,
};

/** The size that counts the rows of a program which works row by row and has much to do for each; null for any other. */
export function rowsOf(program: Program): string | null {
  const names = new Set(
    program.inputs.flatMap(({ shape }) => shape.filter((dim) => typeof dim === "string")),
  );
  const [rows] = names;
  if (names.size !== 1 || program.state.length > 0) return null;
  const isRows: IsRows = ({ shape }) => shape[0] === rows;
  const roots = rootsOfProgram(program);
  const states = topological(roots).flatMap((node) =>
    node.op === "loop" ? node.attributes.body.state : []
  );
  const sound = [...roots, ...states].every(isRows) && allRowwise(roots, isRows);
  return sound && isLong(roots) ? rows : null;
}

function allRowwise(roots: readonly Expression[], isRows: IsRows): boolean {
  return topological(roots).every((node) => {
    const names = node.shape.filter((dim) => typeof dim === "string").length;
    if (names > Number(isRows(node))) return false; // a name besides that of the rows, or rows across
    const rule = ROWWISE[node.op] as unknown as (node: Expression, isRows: IsRows) => boolean;
    const inputs = node.inputs as readonly Expression[];
    if (node.op === "loop") return rule(node, isRows);
    if (!isRows(node) && !inputs.some(isRows)) return node.op !== "size" || knownSize(node);
    return rule(node, isRows);
  });
}

function knownSize({ attributes: { dim } }: Node<"size">): boolean {
  return typeof dim === "number";
}

/** Whether a kernel for each op would store much on the way: a loop, or a network of several layers. */
function isLong(roots: readonly Expression[]): boolean {
  const order = topological(roots);
  const products = order.filter(({ op, shape }) => op === "matmul" && shape.length > 0);
  return order.some(({ op }) => op === "loop") || products.length > 2;
}
