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
  minus,
  plus,
  reduceMax,
  relu,
  select,
  selu,
  sigmoid,
  silu,
  softplus,
  sum,
  tanh,
  times,
} from "../../graph/mod.ts";

/** The nonlinearities of TensorFlow.js by the names that layers have for them. */
export const ACTIVATIONS: Readonly<Record<string, (x: Expression) => Expression>> = {
  linear: (x) => x,
  relu,
  relu6: (x) => clamp(x, { low: 0, high: 6 }),
  elu: (x) => elu(x, 1),
  selu,
  sigmoid,
  hardSigmoid: (x) => clamp(plus(times(x, 0.2), 0.5), { low: 0, high: 1 }),
  softplus,
  softsign: (x) => divide(x, plus(abs(x), 1)),
  tanh,
  softmax: (x) => softmax(x, x.shape.length - 1),
  logSoftmax: (x) => logSoftmax(x, x.shape.length - 1),
  swish: silu,
  mish: (x) => times(x, tanh(softplus(x))),
  gelu,
  gelu_new: (x) =>
    times(
      times(x, 0.5),
      plus(1, tanh(times(Math.sqrt(2 / Math.PI), plus(x, times(0.044715, cube(x)))))),
    ),
};

/** x, or alpha (e^x - 1) below 0. */
export function elu(x: Expression, alpha: number): Expression {
  // The exponential is taken of what is below 0 alone: elsewhere it could be infinite, and so its derivative.
  const below = minus(x, relu(x));
  return select(less(x, 0), times(alpha, minus(exp(below), 1)), x);
}

/** x, or alpha x below 0. */
export function leakyRelu(x: Expression, alpha: Expression | number): Expression {
  return select(less(x, 0), times(alpha, x), x);
}

/** Shares along an axis. */
export function softmax(x: Expression, axis: number): Expression {
  const shares = exp(minus(x, reduceMax(x, { axes: axis, keep: true })));
  return divide(shares, sum(shares, { axes: axis, keep: true }));
}

function logSoftmax(x: Expression, axis: number): Expression {
  const below = minus(x, reduceMax(x, { axes: axis, keep: true }));
  return minus(below, log(sum(exp(below), { axes: axis, keep: true })));
}

function cube(x: Expression): Expression {
  return times(x, times(x, x));
}

/** The greater of x and nothing below a threshold. */
export function thresholdedRelu(x: Expression, theta: number): Expression {
  return select(less(theta, x), x, 0);
}

/** relu up to a maximum. */
export function cappedRelu(x: Expression, most: number | null): Expression {
  return most === null ? maximum(x, 0) : clamp(x, { low: 0, high: most });
}
