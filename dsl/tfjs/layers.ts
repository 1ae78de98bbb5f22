import {
  concat,
  constant,
  divide,
  type Expression,
  matmul,
  maximum,
  mean,
  minimum,
  minus,
  plus,
  reshape,
  sqrt,
  square,
  times,
} from "../../graph/mod.ts";
import {
  ACTIVATIONS,
  cappedRelu,
  elu,
  leakyRelu,
  softmax,
  thresholdedRelu,
} from "./activations.ts";
import type { ReadLayer } from "./model.ts";

/** What a layer makes of its inputs when the model is used, not trained. */
type Apply = (inputs: readonly Expression[], layer: ReadLayer) => Expression;

/** What is said of a layer that has settings we do not have. */
export class UnsupportedSetting extends Error {}

const first = (apply: (x: Expression, layer: ReadLayer) => Expression): Apply => ([x], layer) =>
  apply(x, layer);

const identity: Apply = ([x]) => x;

const folded = (fold: (a: Expression, b: Expression) => Expression): Apply => (inputs) =>
  inputs.reduce(fold);

/** The layers of TensorFlow.js that a velocity may have, by the names of their classes. */
export const LAYERS: Readonly<Record<string, Apply>> = {
  InputLayer: identity,
  Dense: first(dense),
  Activation: first((x, { config }) => activated(x, config.activation)),
  ReLU: first((x, { config }) => cappedRelu(x, (config.maxValue ?? null) as number | null)),
  LeakyReLU: first((x, { config }) => leakyRelu(x, Number(config.alpha))),
  PReLU: first((x, { weights: [alpha] }) => leakyRelu(x, constant(alpha.data, [...alpha.shape]))),
  ELU: first((x, { config }) => elu(x, Number(config.alpha))),
  ThresholdedReLU: first((x, { config }) => thresholdedRelu(x, Number(config.theta))),
  Softmax: first((x, { config }) => softmax(x, axisOf(x, config.axis))),

  Concatenate: (inputs, { config }) => concat(inputs, axisOf(inputs[0], config.axis)),
  Add: folded(plus),
  Multiply: folded(times),
  Maximum: folded(maximum),
  Minimum: folded(minimum),
  Average: (inputs) => divide(inputs.reduce((a, b) => plus(a, b)), inputs.length),

  BatchNormalization: first(batchNormalization),
  LayerNormalization: first(layerNormalization),

  Flatten: first((x) => reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))])),
  Reshape: first((x, { config }) => {
    const rest = sizeOf(x.shape.slice(1));
    const sizes = config.targetShape as readonly (number | null)[];
    const known = sizes.reduce<number>((a, b) => b === null || b < 0 ? a : a * b, 1);
    return reshape(x, [
      x.shape[0],
      ...sizes.map((size) => size === null || size < 0 ? rest / known : size),
    ]);
  }),

  Dropout: identity,
  SpatialDropout1D: identity,
  AlphaDropout: identity,
  GaussianDropout: identity,
  GaussianNoise: identity,
};

/** x W + b, then the nonlinearity. */
function dense(x: Expression, { config, weights: [kernel, bias] }: ReadLayer): Expression {
  const product = matmul(x, constant(kernel.data, [...kernel.shape]));
  const biased = bias === undefined ? product : plus(product, constant(bias.data));
  return activated(biased, config.activation);
}

function activated(x: Expression, activation: unknown): Expression {
  const name = String(activation ?? "linear");
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name](x);
  throw new UnsupportedSetting(
    `the activation ${JSON.stringify(activation)} is none of ${
      Object.keys(ACTIVATIONS).join(", ")
    }`,
  );
}

/** With the averages that training left: an affine map of every feature. */
function batchNormalization(x: Expression, { config, weights }: ReadLayer): Expression {
  const axis = axisOf(x, config.axis);
  const left = [...weights];
  const size = left[0].data.length;
  const along = (values: ArrayLike<number>) =>
    constant(Float64Array.from(values), x.shape.map((_, i) => i === axis ? size : 1));
  const gamma = config.scale === false ? null : left.shift()!.data;
  const beta = config.center === false ? null : left.shift()!.data;
  const [average, variance] = left.map(({ data }) => data);
  const scale = Array.from(
    variance,
    (value, i) => (gamma?.[i] ?? 1) / Math.sqrt(value + Number(config.epsilon)),
  );
  const shift = scale.map((value, i) => (beta?.[i] ?? 0) - value * average[i]);
  return plus(times(x, along(scale)), along(shift));
}

/** Each sample by its own mean and deviation. */
function layerNormalization(x: Expression, { config, weights }: ReadLayer): Expression {
  const given = Array.isArray(config.axis) ? config.axis : [config.axis];
  const axes = given.map((axis) => axisOf(x, axis));
  const centred = minus(x, mean(x, { axes, keep: true }));
  const variance = mean(square(centred), { axes, keep: true });
  const normal = divide(centred, sqrt(plus(variance, Number(config.epsilon))));
  const left = [...weights];
  const along = (values: Float64Array) =>
    constant(values, x.shape.map((dim, i) => axes.includes(i) ? dim as number : 1));
  const scaled = config.scale === false ? normal : times(normal, along(left.shift()!.data));
  return config.center === false ? scaled : plus(scaled, along(left.shift()!.data));
}

/** An axis counted from the front; the last one by default. */
function axisOf({ shape }: Expression, axis: unknown): number {
  const number = Number(axis ?? -1);
  return number < 0 ? number + shape.length : number;
}

function sizeOf(shape: readonly (number | string)[]): number {
  return shape.reduce<number>((product, dim) => product * Number(dim), 1);
}
