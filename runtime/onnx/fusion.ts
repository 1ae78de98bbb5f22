import { type Expression, type Node, sameShape, type Shape } from "../../graph/mod.ts";
import type { Context } from "./lowering.ts";
import { broadcasts } from "./ops/elementwise.ts";
import { CONTRIB } from "./scope.ts";

/** How an expression is lowered together with some of its inputs: from other inputs, by other nodes. */
export interface Fused {
  readonly inputs: readonly Expression[];
  emit(inputs: readonly string[], context: Context): string;
}

/** Several expressions that one ONNX node computes. */
export interface Fusion {
  readonly name: string;
  /** Whether the result is in the standard operators, so that it may leave in a file. */
  readonly standard: boolean;
  /**
   * How `y` is lowered if the fusion applies.
   *
   * @param only Whether swallowing an expression repeats no work: it has one user, and changes as often as y.
   */
  match(y: Expression, only: (x: Expression) => boolean): Fused | null;
}

/** Expressions that name their op and number of inputs. */
function is<K extends Expression["op"]>(x: Expression, op: K): x is Expression & Node<K> {
  return x.op === op;
}

/** A scalar factor and what it multiplies: 1 and x if there is none. */
function scaled(
  x: Expression,
  only: (x: Expression) => boolean,
): { factor: number; of: Expression } {
  if (only(x)) {
    if (is(x, "negate")) return { factor: -1, of: x.inputs[0] };
    if (is(x, "mul")) {
      for (const [c, of] of [[x.inputs[0], x.inputs[1]], [x.inputs[1], x.inputs[0]]]) {
        if (is(c, "constant") && c.shape.length === 0) return { factor: c.attributes.data[0], of };
      }
    }
  }
  return { factor: 1, of: x };
}

function isMatrixProduct(x: Expression): x is Expression & Node<"matmul"> {
  return is(x, "matmul") && x.inputs.every((factor) => factor.shape.length === 2);
}

/** Whether `from` stretches to the matrix shape `to`, as the third input of a Gemm does. */
function stretches(from: Shape, to: Shape): boolean {
  const offset = to.length - from.length;
  return offset >= 0 && from.every((dim, i) => dim === 1 || dim === to[i + offset]);
}

/** alpha A B + beta C: the sum is made in the product's own memory. */
const gemm: Fusion = {
  name: "alpha A B + beta C -> Gemm",
  standard: true,
  match(y, only) {
    if (y.dtype !== "f32" || (!is(y, "add") && !is(y, "sub"))) return null;
    const signs = is(y, "sub") ? [1, -1] : [1, 1];
    for (const [first, second] of [[0, 1], [1, 0]]) {
      const product = y.inputs[first];
      const left = scaled(product, only);
      if (!isMatrixProduct(left.of) || !only(product) || !only(left.of)) continue;
      const right = scaled(y.inputs[second], only);
      if (!stretches(right.of.shape, left.of.shape)) continue;
      const { transposeA, transposeB } = left.of.attributes;
      const attributes = {
        alpha: { float: signs[first] * left.factor },
        beta: { float: signs[second] * right.factor },
        transA: Number(transposeA),
        transB: Number(transposeB),
      };
      return {
        inputs: [...left.of.inputs, right.of],
        emit: (inputs, { scope }) => scope.node("Gemm", inputs, attributes),
      };
    }
    return null;
  },
};

/** x sigmoid(x): one pass where the sigmoid is not wanted by itself. */
const silu: Fusion = {
  name: "x sigmoid(x) -> QuickGelu",
  standard: false,
  match(y, only) {
    if (!is(y, "mul")) return null;
    for (const [x, gate] of [[y.inputs[0], y.inputs[1]], [y.inputs[1], y.inputs[0]]]) {
      if (!is(gate, "sigmoid") || gate.inputs[0] !== x || !only(gate)) continue;
      return {
        inputs: [x],
        emit: (inputs, { scope }) =>
          scope.nodes("QuickGelu", inputs, { alpha: { float: 1 } }, 1, CONTRIB)[0],
      };
    }
    return null;
  },
};

/** Looks through a stretched input where the op stretches by itself and the result keeps its shape. */
export function unstretched(y: Expression): readonly Expression[] {
  if (!broadcasts(y.op) || y.shape.length === 0) return y.inputs;
  let inputs: readonly Expression[] = y.inputs;
  for (let i = 0; i < inputs.length; i++) {
    const x = inputs[i];
    if (!is(x, "broadcast")) continue;
    const tried = inputs.map((other, j) => j === i ? x.inputs[0] : other);
    if (sameShape(common(tried), y.shape)) inputs = tried;
  }
  return inputs;
}

function common(xs: readonly Expression[]): Shape {
  const rank = Math.max(...xs.map((x) => x.shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const dims = xs.map((x) => x.shape[i - rank + x.shape.length] ?? 1);
    return dims.find((dim) => dim !== 1) ?? 1;
  });
}

/** The fusions, in the order in which they are tried. */
export const FUSIONS: readonly Fusion[] = [gemm, silu];
