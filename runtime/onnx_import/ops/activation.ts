import {
  abs,
  clamp,
  divide,
  exp,
  type Expression,
  gelu,
  less,
  log,
  maximum,
  minimum,
  minus,
  plus,
  reduceMax,
  relu,
  select,
  sigmoid,
  softplus,
  stopGradient,
  sum,
  tanh,
  times,
} from "../../../graph/mod.ts";
import type { NodeView } from "../node_view.ts";
import { ofTensors, type OnnxOps, unary } from "../op.ts";

/** What is `slope(x)` below 0 and `above` x elsewhere. */
function bent(
  x: Expression,
  below: (x: Expression) => Expression,
  above: (x: Expression) => Expression = (x) => x,
): Expression {
  return select(less(0, x), above(x), below(minimum(x, 0)));
}

/** exp(x) - 1 below 0. */
function expm1(x: Expression): Expression {
  return minus(exp(x), 1);
}

/** Source: Hendrycks, Gimpel, arXiv:1606.08415, section 2. */
function geluByTanh(x: Expression): Expression {
  const inner = plus(x, times(0.044715, times(times(x, x), x)));
  return times(times(0.5, x), plus(1, tanh(times(Math.sqrt(2 / Math.PI), inner))));
}

/** exp(x) / sum exp(x), or its logarithm, along an axis. */
function softmax(node: NodeView, logarithm: boolean): Expression {
  const x = node.tensor(0);
  const axes = node.axis(node.int("axis", -1), x.shape.length);
  const shifted = minus(x, stopGradient(reduceMax(x, { axes, keep: true })));
  const total = sum(exp(shifted), { axes, keep: true });
  return logarithm ? minus(shifted, log(total)) : divide(exp(shifted), total);
}

/** A line clamped to [0, 1]. */
function hardSigmoid(x: Expression, slope: number, shift: number): Expression {
  return clamp(plus(times(x, slope), shift), { low: 0, high: 1 });
}

/** Nonlinearities of networks, with the defaults of the ONNX operator schemas. */
export const activation: OnnxOps = {
  Celu: ofTensors((node) => {
    const alpha = node.float("alpha", 1);
    return bent(node.tensor(0), (x) => times(alpha, expm1(divide(x, alpha))));
  }),
  Clip: ofTensors((node) => {
    const [low, high] = [node.scalar(1), node.scalar(2)];
    const x = low === null ? node.tensor(0) : maximum(node.tensor(0), low);
    return high === null ? x : minimum(x, high);
  }),
  Elu: ofTensors((node) => bent(node.tensor(0), (x) => times(node.float("alpha", 1), expm1(x)))),
  Gelu: ofTensors((node) =>
    node.text("approximate", "none") === "tanh" ? geluByTanh(node.tensor(0)) : gelu(node.tensor(0))
  ),
  HardSigmoid: ofTensors((node) =>
    hardSigmoid(node.tensor(0), node.float("alpha", 0.2), node.float("beta", 0.5))
  ),
  HardSwish: unary((x) => times(x, hardSigmoid(x, 1 / 6, 0.5))),
  LeakyRelu: ofTensors((node) => bent(node.tensor(0), (x) => times(node.float("alpha", 0.01), x))),
  LogSoftmax: ofTensors((node) => softmax(node, true)),
  Mish: unary((x) => times(x, tanh(softplus(x)))),
  PRelu: ofTensors((node) => bent(node.tensor(0), (x) => times(node.tensor(1), x))),
  Relu: unary(relu),
  Selu: ofTensors((node) => {
    const alpha = node.float("alpha", 1.67326319217681884765625);
    const gamma = node.float("gamma", 1.05070102214813232421875);
    return bent(
      node.tensor(0),
      (x) => times(gamma * alpha, expm1(x)),
      (x) => times(gamma, x),
    );
  }),
  Sigmoid: unary(sigmoid),
  Softmax: ofTensors((node) => softmax(node, false)),
  Softplus: unary(softplus),
  Softsign: unary((x) => divide(x, plus(1, abs(x)))),
  Tanh: unary(tanh),
};
