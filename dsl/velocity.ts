import type { Expression, Value } from "../graph/mod.ts";
import { build } from "./build.ts";
import type { Dimension } from "./dimension.ts";
import { InputError } from "./error.ts";
import * as schema from "./schema/velocity.ts";
import type {
  Activation,
  CustomVelocitySpec,
  FourierTimeSpec,
  GaussianMixtureVelocitySpec,
  Joined,
  MlpVelocitySpec,
  OnnxVelocitySpec,
  RawTimeSpec,
  SinusoidalTimeSpec,
} from "./spec/velocity.ts";
import { fieldOf, type TfjsInputs } from "./tfjs/field.ts";
import type { TfjsModel } from "./tfjs/model.ts";
import { readModel } from "./tfjs/read_model.ts";
import { fieldSignature, traced } from "./traced.ts";

export type { TfjsLayer, TfjsModel, TfjsSymbol, TfjsWeights } from "./tfjs/model.ts";
export type { TfjsInputs };

/** How time enters a network; features are 32 frequencies by default, of scale 1. */
export type TimeOptions =
  | RawTimeSpec
  | Pick<FourierTimeSpec, "kind"> & Partial<FourierTimeSpec>
  | Pick<SinusoidalTimeSpec, "kind"> & Partial<SinusoidalTimeSpec>;

/** Settings of {@link mlp}. */
export interface MlpOptions {
  /** Width of each hidden layer. Default [256, 256, 256]. */
  readonly hidden?: readonly number[];
  /** Nonlinearity after each hidden layer. Default "silu". */
  readonly activation?: Activation;
  /** How time enters. Default `{ kind: "raw" }`. */
  readonly time?: TimeOptions;
  /** Whether a hidden layer adds its input to its output, where widths are equal. Default false. */
  readonly residual?: boolean;
  /** Whether each hidden layer is normalised before its nonlinearity. Default false. */
  readonly layerNorm?: boolean;
}

/** A closed-form velocity in D coordinates. */
export interface CustomVelocity<D extends number = number>
  extends CustomVelocitySpec, Dimension<D> {}

/** Settings of {@link custom}. */
export interface CustomVelocityOptions<D extends number = number> {
  /** Number of coordinates. Default 2. */
  readonly dim?: D;
}

/** A network in a file, of D coordinates. */
export interface OnnxVelocity<D extends number = number> extends OnnxVelocitySpec, Dimension<D> {}

/** Settings of {@link onnx}. */
export interface OnnxOptions<D extends number = number> {
  /** Number of coordinates, when it is to be known before the file is read. */
  readonly dim?: D;
  /** Name of the input that takes the time. Default: told by name and shape. */
  readonly time?: string | null;
  /** Name of the input that takes the state. Default: told by name and shape. */
  readonly state?: string | null;
  /** Order of state and time in one input [batch, dim + 1]; torchcfm's is "stateFirst". Default: two inputs. */
  readonly joined?: Joined | null;
  /** Name of the output that is the velocity. Default: the only one. */
  readonly output?: string | null;
}

/**
 * A multilayer perceptron of (t, x).
 *
 * Shapes: t is [n, 1]; x and the result are [n, dim].
 *
 * @throws {InputError} If a width is not a whole number of at least 1, or a name is not known.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { velocity } from "./mod.ts";
 * const net = velocity.mlp({ hidden: [64, 64], time: { kind: "fourier", features: 16 } });
 * assert.deepEqual(net.time, { kind: "fourier", features: 16, scale: 1 });
 * ```
 */
export function mlp(options: MlpOptions = {}): MlpVelocitySpec {
  return build("velocity.mlp", schema.mlp, { kind: "mlp", ...options });
}

/**
 * A closed form in t and x, which needs no training. The function is run once, on symbols, and what
 * it computes becomes part of the spec.
 *
 * Shapes: t is [n, 1]; x and the result are [n, dim].
 *
 * Samples are solved in groups of any size, each with steps of its own, so a row of the result may depend on that row of t
 * and x alone: no sum, mean or product over samples.
 *
 * @throws {InputError} If the function returns another shape than that of x, or mixes rows.
 *
 * @example A rotation
 * ```ts
 * import assert from "node:assert/strict";
 * import { constant, matmul } from "../graph/mod.ts";
 * import { velocity } from "./mod.ts";
 * const turn = constant([0, 1, -1, 0], [2, 2]);
 * const spec = velocity.custom((_t, x) => matmul(x, turn));
 * assert.equal(spec.dim, 2);
 * ```
 */
export function custom<const D extends number = 2>(
  field: (t: Expression, x: Expression) => Value,
  options: CustomVelocityOptions<D> = {},
): CustomVelocity<NoInfer<D>> {
  const dim: number = options.dim ?? 2;
  if (!Number.isInteger(dim) || dim < 1) {
    const message = `velocity.custom: dim must be a whole number of at least 1: found ${dim}`;
    throw new InputError(message, { field: "dim" });
  }
  const graph = traced("velocity.custom: field", field, fieldSignature(dim));
  return build("velocity.custom", schema.custom, { kind: "custom", dim, field: graph });
}

/**
 * A network trained elsewhere, such as PyTorch's export of one; nothing is trained here. It is read into the tensor graph,
 * so that likelihoods, metrics and exports work as with any other velocity.
 *
 * Shapes: the state is [batch, dim], the time [], [1], [batch] or [batch, 1]; the result is [batch, dim]. The batch may be
 * fixed or not. With `joined` there is one input [batch, dim + 1].
 * Units: those the network was trained in; time runs from source to target.
 *
 * The file is read when the pipeline runs: a file that cannot be used is reported then.
 *
 * @param path A relative path is relative to the working folder.
 * @throws {InputError} If a setting is out of its range.
 *
 * @example An export of torchcfm's MLP, whose input is (x, t)
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, pipeline, velocity } from "./mod.ts";
 * const spec = pipeline({
 *   target: data.twoMoons(),
 *   velocity: velocity.onnx("net.onnx", { joined: "stateFirst", dim: 2 }),
 * });
 * assert.equal(spec.training, null);
 * ```
 */
export function onnx<const D extends number = number>(
  path: string | URL,
  options: OnnxOptions<D> = {},
): OnnxVelocity<NoInfer<D>> {
  return build("velocity.onnx", schema.onnx, { kind: "onnx", ...options, path: String(path) });
}

/**
 * The exact velocity from a Gaussian source to a Gaussian mixture target with independent pairs,
 * for any interpolant: nothing is trained, so that what is left is the solver's error.
 *
 * Source: Albergo, Boffi, Vanden-Eijnden, arXiv:2303.08797, appendix A.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, pipeline, velocity } from "./mod.ts";
 * const spec = pipeline({
 *   target: data.gaussianMixture({ means: [[-2, 0], [2, 0]], covariances: 0.25 }),
 *   velocity: velocity.gaussianMixture(),
 * });
 * assert.equal(spec.training, null);
 * ```
 */
export function gaussianMixture(): GaussianMixtureVelocitySpec {
  return build("velocity.gaussianMixture", schema.gaussianMixture, { kind: "gaussianMixture" });
}

/** Settings of {@link tfjs}. */
export interface TfjsOptions<D extends number = number> extends TfjsInputs {
  /** Number of coordinates, for the types; the model's own is checked against it. */
  readonly dim?: D;
}

/**
 * A TensorFlow.js layers model as it is, trained or not: its layers become part of the spec with their weights, as if they
 * had been written with {@link custom}. Nothing is trained here.
 *
 * Shapes: the state is [batch, dim], the time [batch, 1] or [batch]; the result is [batch, dim]. With `joined` there is
 * one input [batch, dim + 1].
 * Units: those the model was trained in; time runs from source to target.
 *
 * Dropout and noise do nothing, and batch normalisation uses the averages that training left. The model may be of any
 * backend; it is read once, and what becomes of it afterwards does not matter.
 *
 * @throws {InputError} If a layer has no counterpart here (all such are named), or the model cannot be a velocity.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "npm:@tensorflow/tfjs-layers@4.22.0";
 * import "npm:@tensorflow/tfjs-backend-cpu@4.22.0";
 * import { data, pipeline, velocity } from "./mod.ts";
 * const model = tf.sequential({ layers: [
 *   tf.layers.dense({ inputShape: [3], units: 16, activation: "swish" }),
 *   tf.layers.dense({ units: 2 }),
 * ] });
 * const spec = pipeline({
 *   target: data.twoMoons(),
 *   velocity: await velocity.tfjs(model, { joined: "stateFirst", dim: 2 }),
 * });
 * assert.equal(spec.training, null);
 * ```
 */
export async function tfjs<const D extends number = number>(
  model: TfjsModel,
  options: TfjsOptions<D> = {},
): Promise<CustomVelocity<NoInfer<D>>> {
  const { dim, field } = fieldOf(model, await readModel(model), options);
  if (options.dim !== undefined && options.dim !== dim) {
    const message = `velocity.tfjs: dim is ${options.dim}, but the model has ${dim} coordinates`;
    throw new InputError(message, { field: "dim" });
  }
  const graph = traced("velocity.tfjs: the model", field, fieldSignature(dim));
  return build("velocity.tfjs", schema.custom, { kind: "custom", dim, field: graph });
}
