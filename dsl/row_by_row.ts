import { type Expression, type Node, type OpName, OPS, topological } from "../graph/mod.ts";

/** The size of the axis that counts samples. */
const ROWS = "n";

/** Whether an axis of a tensor counts samples. */
function countsRows({ shape }: Expression, axis: number): boolean {
  return shape[axis] === ROWS;
}

function rowAxes({ shape }: Expression): number {
  return shape.filter((dim) => dim === ROWS).length;
}

/** Nothing more to ask than that the axis of rows is kept. */
const kept = (): boolean => true;

/**
 * For each op, whether it leaves every row where it is and looks at no other, given that its result has an axis of rows
 * if its inputs have. A reduction over rows, or a matrix product along them, has none and is refused by that alone.
 */
const KEEPS_ROWS: { readonly [K in OpName]: (node: Node<K>) => boolean } = {
  input: kept,
  constant: kept,
  variable: kept,
  iota: ({ attributes }) => attributes.length !== ROWS, // a row may not know its place
  size: ({ attributes }) => attributes.dim !== ROWS, // nor how many there are
  random: ({ attributes }) => !attributes.shape.includes(ROWS),

  negate: kept,
  exp: kept,
  log: kept,
  log1p: kept,
  sqrt: kept,
  reciprocal: kept,
  sin: kept,
  cos: kept,
  tanh: kept,
  sigmoid: kept,
  softplus: kept,
  erf: kept,
  abs: kept,
  sign: kept,
  floor: kept,
  not: kept,
  stopGradient: kept,
  cast: kept,
  add: kept,
  sub: kept,
  mul: kept,
  div: kept,
  pow: kept,
  max: kept,
  min: kept,
  equal: kept,
  less: kept,
  lessEqual: kept,
  and: kept,
  or: kept,
  select: kept,

  sum: kept,
  reduceMax: kept,
  argMax: kept,
  cumulativeSum: ({ inputs: [x], attributes: { axis } }) => !countsRows(x, axis),
  matmul: kept,
  convolution: ({ inputs: [, kernels] }) => rowAxes(kernels) === 0,
  convolutionInput: ({ inputs: [, kernels] }) => rowAxes(kernels) === 0,
  convolutionWeight: ({ inputs }) => inputs.every((x) => rowAxes(x) === 0),

  reshape: (node) => {
    const [{ shape }] = node.inputs;
    const before = (sizes: Expression["shape"]): number =>
      sizes.slice(0, sizes.indexOf(ROWS)).reduce<number>((count, dim) => count * Number(dim), 1);
    return !shape.includes(ROWS) || before(shape) === before(node.shape);
  },
  transpose: kept,
  broadcast: kept,
  concat: kept,
  slice: kept, // takes all of an axis that has a name
  pad: kept, // adds nothing to an axis that has a name
  reverse: ({ inputs: [x], attributes: { axes } }) => !axes.some((axis) => countsRows(x, axis)),
  gather: ({ inputs: [x], attributes: { axis } }) => !countsRows(x, axis),
  scatterAdd: ({ attributes: { size } }) => size !== ROWS,

  loop: kept, // its body is walked by itself
  item: kept,
};

/**
 * The op by which a row of `y` comes to depend on other rows, on its place among them or on their number; null if there is
 * none. The axis of rows is the one of size "n".
 *
 * The test is strict: an expression that mixes rows and undoes it again is refused.
 */
export function rowMixer(y: Expression): OpName | null {
  for (const node of topological([y])) {
    if (node.op === "loop") {
      const { next, collect, condition } = node.attributes.body;
      for (const root of [...next, ...collect, ...(condition === null ? [] : [condition])]) {
        const found = rowMixer(root);
        if (found !== null) return found;
      }
      continue;
    }
    const inputs: readonly Expression[] = node.inputs;
    const loses = rowAxes(node) === 0 && inputs.some((x) => rowAxes(x) > 0);
    const keeps = KEEPS_ROWS[node.op] as (node: Expression) => boolean;
    if (loses || rowAxes(node) > 1 || !keeps(node)) return node.op;
  }
  return null;
}

/** The op by which `y` is more than a function of each element of its inputs by itself; null if there is none. */
export function elementMixer(y: Expression): OpName | null {
  const depends = new Set<Expression>();
  for (const node of topological([y])) {
    if (node.op === "input") {
      depends.add(node);
      continue;
    }
    if (!(node.inputs as readonly Expression[]).some((x) => depends.has(x))) continue;
    if (!OPS[node.op].elementwise) return node.op;
    depends.add(node);
  }
  return null;
}
