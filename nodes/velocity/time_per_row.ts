/**
 * Networks that take one time for all rows are made to take one for each. What follows from the time alone has no axis of
 * rows: it gets one in front, and where it meets what has rows, that axis goes where the rows are.
 */
import { InputError } from "../../dsl/error.ts";
import {
  broadcast,
  concat,
  type Dim,
  type Expression,
  gather,
  input,
  matmul,
  type OpName,
  OPS,
  pad,
  rebuild,
  reduceMax,
  reshape,
  reverse,
  slice,
  sum,
  topological,
  transpose,
} from "../../graph/mod.ts";

/** The size that counts rows. */
const ROWS = "n";

/** A field of "t" ["n", 1] from one of "t" [] that is otherwise the same. */
export function withTimePerRow(field: Expression): Expression {
  const shared = input("t", []);
  const lifted = new Set<Expression>();
  const done = new Map<Expression, Expression>();
  for (const node of topological([field])) {
    const inputs: readonly Expression[] = node.inputs;
    if (node === shared) {
      lifted.add(node);
      done.set(node, reshape(input("t", [ROWS, 1]), [ROWS]));
      continue;
    }
    const sources = inputs.map((x) => done.get(x)!);
    if (!inputs.some((x) => lifted.has(x))) {
      done.set(node, sources.some((x, i) => x !== inputs[i]) ? rebuild(node, sources) : node);
    } else if (node.shape.includes(ROWS)) {
      done.set(
        node,
        meeting(node, sources.map((x, i) => lifted.has(inputs[i]) ? x : null), sources),
      );
    } else {
      lifted.add(node);
      done.set(node, inFront(node, sources, inputs.map((x) => lifted.has(x))));
    }
  }
  return done.get(field)!;
}

/** An expression with rows, of inputs some of which (`lifted`) have theirs in front. */
function meeting(
  node: Expression,
  lifted: readonly (Expression | null)[],
  sources: readonly Expression[],
): Expression {
  const at = node.shape.indexOf(ROWS);
  const placed = sources.map((x, i) => lifted[i] === null ? x : rowsAt(x, at, node.shape.length));
  if (node.op === "broadcast") return broadcast(placed[0], node.shape);
  if (OPS[node.op].elementwise) return rebuild(node, placed);
  throw cannot(node.op);
}

/** A lifted expression with ones before its own axes so that it has `rank` of them, and the rows at axis `at`. */
function rowsAt(x: Expression, at: number, rank: number): Expression {
  const [, ...own] = padded(x, rank).shape;
  const rest = own.filter((_, i) => i !== at); // the size there is 1, since rows stretch to it
  const order = rest.map((_, i) => i + 1);
  const moved = [...order.slice(0, at), 0, ...order.slice(at)];
  return transpose(reshape(x, [ROWS, ...rest]), moved);
}

/** A lifted expression with ones between the rows and its own axes, of which there are `rank` then. */
function padded(x: Expression, rank: number): Expression {
  const [rows, ...own] = x.shape;
  const ones: Dim[] = new Array(rank - own.length).fill(1);
  return reshape(x, [rows, ...ones, ...own]);
}

/** An expression without rows made to have them in front, as those of its inputs that `isLifted` tells. */
function inFront(
  node: Expression,
  sources: readonly Expression[],
  isLifted: readonly boolean[],
): Expression {
  const [x] = sources;
  const behind = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1);
  switch (node.op) {
    case "broadcast":
      return broadcast(padded(x, node.shape.length), [ROWS, ...node.shape]);
    case "reshape":
      return reshape(x, [ROWS, ...node.shape]);
    case "transpose":
      return transpose(x, [0, ...behind(node.attributes.permutation)]);
    case "concat": {
      const all = sources.map((y, i) => isLifted[i] ? y : broadcast(y, [ROWS, ...y.shape]));
      return concat(all, node.attributes.axis + 1);
    }
    case "slice": {
      const { starts, ends, steps } = node.attributes;
      return slice(x, { starts: [0, ...starts], ends: [ROWS, ...ends], steps: [1, ...steps] });
    }
    case "pad":
      return pad(x, { low: [0, ...node.attributes.low], high: [0, ...node.attributes.high] });
    case "reverse":
      return reverse(x, behind(node.attributes.axes));
    case "sum":
      return sum(x, { axes: behind(node.attributes.axes), keep: node.attributes.keep });
    case "reduceMax":
      return reduceMax(x, { axes: behind(node.attributes.axes), keep: node.attributes.keep });
    case "gather":
      if (isLifted[1]) throw cannot(node.op);
      return gather(x, sources[1], { axis: node.attributes.axis + 1 });
    case "matmul":
    default: {
      if (node.op !== "matmul" && !OPS[node.op].elementwise) throw cannot(node.op);
      const rank = Math.max(
        ...node.inputs.map((y: Expression) => y.shape.length),
      );
      const all = sources.map((y, i) => isLifted[i] ? padded(y, rank) : y);
      return node.op === "matmul" ? matmul(all[0], all[1], node.attributes) : rebuild(node, all);
    }
  }
}

function cannot(op: OpName): InputError {
  return new InputError(
    `velocity: its time is one number for all rows, and "${op}" of it cannot be computed row by row: ` +
      "export the network with a time of shape [batch] or [batch, 1]",
    { field: "velocity" },
  );
}
