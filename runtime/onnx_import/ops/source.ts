import { broadcast, cast, constant } from "../../../graph/mod.ts";
import { type Count, countOfDim, multiply } from "../count.ts";
import { withRows } from "../fixed_rows.ts";
import type { NodeView } from "../node_view.ts";
import { elementName, kindOf, WHOLE_LIMIT } from "../constant.ts";
import type { OnnxOps } from "../op.ts";
import { expressionOf, numbersOf, tensor, type Value, whole, wholeOf } from "../value.ts";

function sizesOf(value: Value): readonly Count[] {
  const { shape } = value.kind === "whole" ? value : value.y;
  return shape.map(countOfDim);
}

/** Some or all of the sizes. */
function shape(node: NodeView): Value {
  const all = sizesOf(node.value(0));
  const [start, end] = [node.int("start", 0), node.int("end", all.length)];
  return whole(all.slice(start, end));
}

/** A tensor that the node holds, in one of the forms there are. */
function held(node: NodeView): Value {
  const value = node.constant("value");
  if (value !== null) return value;
  const floats = node.floats("value_floats");
  if (floats?.length) return tensor(constant(floats));
  const ints = node.ints("value_ints");
  if (ints?.length) return whole(ints);
  if (node.holds("value_float")) return tensor(constant(node.float("value_float", 0)));
  if (node.holds("value_int")) return whole([node.int("value_int", 0)], []);
  throw new RangeError("it holds text or a sparse tensor: accepted are numbers");
}

function filled(node: NodeView): Value {
  const given = node.constant("value") ?? tensor(constant(0));
  const shape = withRows(node.dims(node.whole(0).counts), node.reading);
  const known = wholeOf(given);
  if (given.kind === "tensor" || known === null) {
    return tensor(broadcast(constant(numbersOf(given)![0]), shape));
  }
  const sizes = shape.map(Number);
  const count = sizes.reduce((n, size) => n * size, 1);
  if (!(count <= WHOLE_LIMIT)) {
    throw new RangeError(
      `it makes whole numbers of sizes [${shape.join(", ")}], which are too many`,
    );
  }
  return whole(new Array(count).fill(known.counts[0]), sizes, known.bool);
}

/** start, start + step, ... before the limit. */
function range(node: NodeView): Value {
  const [start, limit, step] = [0, 1, 2].map((i) => node.scalar(i)!);
  const count = Math.max(Math.ceil((limit - start) / step), 0);
  if (!(count <= WHOLE_LIMIT)) {
    throw new RangeError(`it counts ${count} numbers, which are too many`);
  }
  const numbers = Array.from({ length: count }, (_, i) => start + i * step);
  return node.inputs.every((value) => value.kind === "whole")
    ? whole(numbers)
    : tensor(constant(numbers, [count]));
}

/** To real numbers of any width, which are all of single precision here; to whole ones where data have no part. */
function converted(node: NodeView, to: number): Value {
  const value = node.value(0);
  switch (kindOf(to)) {
    case "real":
      return tensor(cast(expressionOf(value), "f32"));
    case "bool": {
      const known = wholeOf(value);
      if (value.kind === "whole" && known !== null) {
        return whole(known.counts.map((count) => Number(count !== 0)), known.shape, true);
      }
      return tensor(cast(expressionOf(value), "bool"));
    }
    case "whole": {
      const { counts, shape } = node.whole(0);
      return whole(counts, shape);
    }
    case null:
      throw new RangeError(`it makes ${elementName(to)} values, which are not supported`);
  }
}

/** The graph of the branch that is taken, which must not depend on data. */
function branch(node: NodeView): readonly Value[] {
  const [condition] = node.numbers(0);
  return node.branch(condition !== 0 ? "then_branch" : "else_branch");
}

/** What values and shapes come from. */
export const sources: OnnxOps = {
  Cast: (node) => converted(node, node.int("to", 0)),
  CastLike: (node) => {
    const like = node.value(1);
    return converted(node, like.kind === "tensor" ? 1 : like.bool ? 9 : 7);
  },
  Constant: held,
  ConstantOfShape: filled,
  If: branch,
  Range: range,
  Shape: shape,
  Size: (node) => whole([sizesOf(node.value(0)).reduce(multiply, 1)], []),
};
