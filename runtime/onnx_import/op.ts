import {
  broadcastTogether,
  constant,
  evaluate,
  type Expression,
  type Tensor64,
} from "../../graph/mod.ts";
import { WHOLE_LIMIT } from "./constant.ts";
import type { Count } from "./count.ts";
import { withSameRows } from "./fixed_rows.ts";
import type { NodeView } from "./node_view.ts";
import { expressionOf, tensor, type Value, type Whole, whole } from "./value.ts";

/** What an operator of ONNX means: its outputs from its inputs and attributes. */
export type OnnxOp = (node: NodeView) => Value | readonly Value[];

/** Operators by their names in ONNX. */
export type OnnxOps = Readonly<Record<string, OnnxOp>>;

/** An operator with one output, which is a tensor. */
export function ofTensors(f: (node: NodeView) => Expression): OnnxOp {
  return (node) => tensor(f(node));
}

/** An operator on each element of one tensor. */
export function unary(f: (x: Expression) => Expression): OnnxOp {
  return (node) => tensor(f(node.tensor(0)));
}

/** An operator on elements of several tensors; `counts` is what it means for whole numbers. */
export function elementwise(
  f: (...xs: Expression[]) => Expression,
  counts?: (...xs: Count[]) => Count,
  { bool }: { readonly bool?: boolean } = {},
): OnnxOp {
  return (node) => {
    const known = allWhole(node.inputs);
    if (counts !== undefined && known !== null) {
      const places = broadcastTogether(known.map((value) => placesOf(value)));
      const stretched = workedOut(places);
      const numbers = Array.from(
        stretched[0].data,
        (_, i) => counts(...known.map((value, k) => value.counts[stretched[k].data[i]])),
      );
      return whole(numbers, stretched[0].shape, bool ?? known.every((value) => value.bool));
    }
    return tensor(f(...withSameRows(node.inputs.map(expressionOf), node.reading)));
  };
}

/** An operator that moves elements, of tensors and of whole numbers alike; `data` are the inputs that hold them. */
export function layout(
  f: (xs: readonly Expression[], node: NodeView) => Expression | readonly Expression[],
  data: (node: NodeView) => readonly Value[] = (node) => [node.value(0)],
): OnnxOp {
  return (node) => {
    const inputs = data(node);
    const known = allWhole(inputs);
    if (known === null) return [f(inputs.map(expressionOf), node)].flat().map(tensor);
    const counts = known.flatMap((value) => value.counts);
    let first = 0;
    const places = known.map((value) => {
      const own = placesOf(value, first);
      first += value.counts.length;
      return own;
    });
    const ys = [f(places, node)].flat();
    if (ys.some((y) => y.shape.some((dim) => typeof dim === "string"))) {
      throw new RangeError("it makes whole numbers for each row, and those are not supported");
    }
    const bool = known.every((value) => value.bool);
    return workedOut(ys).map(({ data, shape }: Tensor64) =>
      whole(Array.from(data, (place) => counts[place]), shape, bool)
    );
  };
}

/** Places as numbers, unless they are more than a shape could need. */
function workedOut(places: readonly Expression[]): Tensor64[] {
  for (const { shape } of places) {
    const count = shape.reduce<number>((n, size) => n * Number(size), 1);
    if (count <= WHOLE_LIMIT) continue;
    throw new RangeError(
      `it makes ${count} whole numbers [${shape.join(", ")}]: at most ${WHOLE_LIMIT} are accepted`,
    );
  }
  return evaluate(places, {});
}

function allWhole(values: readonly Value[]): Whole[] | null {
  const known = values.filter((value) => value.kind === "whole");
  return known.length === values.length ? known : null;
}

/** The places of whole numbers, as an expression that may be moved in their stead. */
function placesOf({ counts, shape }: Whole, first = 0): Expression {
  return constant(Int32Array.from(counts, (_, i) => first + i), shape);
}
