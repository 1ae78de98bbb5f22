import {
  abs,
  type Expression,
  log,
  logSumExp,
  mean,
  reduceMax,
  reduceMin,
  type ReductionOptions,
  sqrt,
  square,
  sum,
} from "../../../graph/mod.ts";
import { multiply } from "../count.ts";
import type { NodeView } from "../node_view.ts";
import { ofTensors, type OnnxOp, type OnnxOps } from "../op.ts";
import { whole } from "../value.ts";

type Reduction = (x: Expression, options: ReductionOptions) => Expression;

function reduction(f: Reduction): OnnxOp {
  return ofTensors((node) => {
    const x = node.tensor(0);
    const axes = node.axes(1, x.shape.length);
    const none = axes === null || axes.length === 0;
    if (none && node.int("noop_with_empty_axes", 0) !== 0) return x;
    return f(x, { axes: none ? undefined : axes, keep: node.int("keepdims", 1) !== 0 });
  });
}

/** The product of all of some whole numbers, such as the sizes of a shape. */
function productOf(node: NodeView): ReturnType<typeof whole> {
  const { counts, shape } = node.whole(0);
  const axes = node.axes(1, shape.length);
  if (shape.length !== 1 || axes !== null && axes.length !== 1) {
    throw new RangeError("only the product of a list of whole numbers is supported");
  }
  return whole([counts.reduce(multiply, 1)], node.int("keepdims", 1) !== 0 ? [1] : []);
}

/** Reductions over axes. */
export const reductions: OnnxOps = {
  ReduceL1: reduction((x, options) => sum(abs(x), options)),
  ReduceL2: reduction((x, options) => sqrt(sum(square(x), options))),
  ReduceLogSum: reduction((x, options) => log(sum(x, options))),
  ReduceLogSumExp: reduction(logSumExp),
  ReduceMax: reduction(reduceMax),
  ReduceMean: reduction(mean),
  ReduceMin: reduction(reduceMin),
  ReduceProd: productOf,
  ReduceSum: reduction(sum),
  ReduceSumSquare: reduction((x, options) => sum(square(x), options)),
};
