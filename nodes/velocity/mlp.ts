import {
  concat,
  divide,
  type Expression,
  matmul,
  mean,
  minus,
  plus,
  slice,
  sqrt,
  square,
  times,
} from "../../graph/mod.ts";
import type { MlpVelocitySpec } from "../../dsl/spec.ts";
import type { Time } from "../ports.ts";
import { ACTIVATIONS } from "./activation.ts";
import { timeFeatures } from "./time_features.ts";
import type { Initializer, Parameter, Velocity } from "./velocity.ts";

/** Added to a variance before its root, as in torch.nn.LayerNorm. */
const NORM_EPSILON = 1e-5;

/** Parameters of a hidden layer in their order, by role. */
interface Hidden {
  readonly weight: Expression;
  readonly bias: Expression;
  /** Scale and shift of the layer norm. */
  readonly norm: readonly [Expression, Expression] | null;
}

/**
 * A multilayer perceptron of x and time features.
 *
 * Weights are [in, out] and start as torch.nn.Linear does by default: weight and bias uniform within
 * 1 / sqrt(in). A residual layer adds its input to its output where both have the same width; layer norm
 * stands between the linear map and the nonlinearity.
 */
export function mlp(
  spec: MlpVelocitySpec,
  { dim, seed }: { dim: number; seed: number },
): Velocity {
  const features = timeFeatures(spec.time, seed);
  const activation = ACTIVATIONS[spec.activation];
  const widths = [dim + features.width, ...spec.hidden, dim];
  const perHidden = spec.layerNorm ? 4 : 2;

  return {
    name: "mlp",
    parameters: widths.slice(1).flatMap((out, i) => {
      const last = i === spec.hidden.length;
      const name = last ? "output" : `hidden.${i}`;
      return [
        ...affine(name, widths[i], out),
        ...(spec.layerNorm && !last ? normalization(name, out) : []),
      ];
    }),
    apply(parameters, t, x) {
      const hidden = spec.hidden.map((_, i): Hidden => {
        const [weight, bias, scale, shift] = parameters.slice(i * perHidden);
        return { weight, bias, norm: spec.layerNorm ? [scale, shift] : null };
      });
      const [weight, bias] = parameters.slice(spec.hidden.length * perHidden);
      const inward = (weight: Expression, bias: Expression): Expression =>
        affineInTime(features.apply(t), { t, x, weight, bias });
      if (hidden.length === 0) return inward(weight, bias);
      const top = hidden.reduce<Expression | null>((h, layer, i) => {
        const u = h === null
          ? inward(layer.weight, layer.bias)
          : plus(matmul(h, layer.weight), layer.bias);
        const out = activation(layer.norm === null ? u : normalized(u, layer.norm));
        return h !== null && spec.residual && widths[i] === widths[i + 1] ? plus(h, out) : out;
      }, null)!;
      return plus(matmul(top, weight), bias);
    },
    flops: (batch) =>
      batch * widths.slice(1).reduce((sum, out, i) => sum + 2 * widths[i] * out + out, 0),
  };
}

/**
 * (x, features) weight + bias. When all samples share one time its part is one row, added as a bias,
 * so that the features are neither repeated nor joined to x at every step of a solver.
 */
function affineInTime(
  features: Expression,
  { t, x, weight, bias }: { t: Time; x: Expression; weight: Expression; bias: Expression },
): Expression {
  const [rows, dim] = x.shape;
  const [inputs, outputs] = weight.shape as readonly number[];
  if (t.shape[0] !== 1 || rows === 1) {
    return plus(matmul(concat([x, features], 1), weight), bias);
  }
  const ofX = slice(weight, { starts: [0, 0], ends: [dim as number, outputs] });
  const ofTime = slice(weight, { starts: [dim as number, 0], ends: [inputs, outputs] });
  return plus(matmul(x, ofX), plus(matmul(features, ofTime), bias));
}

/** Layer norm over the last axis. Source: Ba, Kiros, Hinton, arXiv:1607.06450. */
function normalized(
  u: Expression,
  [scale, shift]: readonly [Expression, Expression],
): Expression {
  const centred = minus(u, mean(u, { axes: [1], keep: true }));
  const variance = mean(square(centred), { axes: [1], keep: true });
  return plus(times(divide(centred, sqrt(plus(variance, NORM_EPSILON))), scale), shift);
}

function affine(name: string, inputs: number, outputs: number): Parameter[] {
  const init: Initializer = { kind: "uniform", bound: 1 / Math.sqrt(inputs) };
  return [
    { name: `${name}.weight`, shape: [inputs, outputs], init },
    { name: `${name}.bias`, shape: [outputs], init },
  ];
}

function normalization(name: string, width: number): Parameter[] {
  return [
    { name: `${name}.scale`, shape: [width], init: { kind: "ones" } },
    { name: `${name}.shift`, shape: [width], init: { kind: "zeros" } },
  ];
}
