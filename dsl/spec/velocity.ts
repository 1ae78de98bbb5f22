import type { GraphJSON } from "./graph.ts";

/** Nonlinearity between the layers of a network. */
export type Activation = "silu" | "relu" | "tanh" | "gelu" | "softplus" | "selu";

/** Time enters the network as one number. */
export interface RawTimeSpec {
  /** Says which kind this is. */
  readonly kind: "raw";
}

/** Time enters as cos and sin of 2 pi w t, with `features` frequencies w ~ scale * N(0, 1) each. */
export interface FourierTimeSpec {
  /** Says which kind this is. */
  readonly kind: "fourier";
  /** Number of frequencies; twice as many features. */
  readonly features: number;
  /** Standard deviation of the frequencies. */
  readonly scale: number;
}

/** Time enters as cos and sin of 1000 t w, with `features` frequencies w from 1 down to 1e-4 each. */
export interface SinusoidalTimeSpec {
  /** Says which kind this is. */
  readonly kind: "sinusoidal";
  /** Number of frequencies; twice as many features. */
  readonly features: number;
}

/** How time enters a network. */
export type TimeSpec = RawTimeSpec | FourierTimeSpec | SinusoidalTimeSpec;

/** A multilayer perceptron of (t, x). */
export interface MlpVelocitySpec {
  /** Says which kind this is. */
  readonly kind: "mlp";
  /** Width of each hidden layer. */
  readonly hidden: readonly number[];
  /** Nonlinearity after each hidden layer. */
  readonly activation: Activation;
  /** How time enters. */
  readonly time: TimeSpec;
  /** Whether a hidden layer adds its input to its output, where their widths are equal. */
  readonly residual: boolean;
  /** Whether each hidden layer is normalised before its nonlinearity. */
  readonly layerNorm: boolean;
}

/** A closed form in t and x, traced: inputs "t" of shape ["n", 1] and "x" of shape ["n", dim]. */
export interface CustomVelocitySpec {
  /** Says which kind this is. */
  readonly kind: "custom";
  /** Number of coordinates that the function was traced with. */
  readonly dim: number;
  /** The traced function; its one result has shape ["n", dim]. */
  readonly field: GraphJSON;
}

/** Where the one input of a network that takes state and time together has the time: after the state or before it. */
export type Joined = "stateFirst" | "timeFirst";

/** A network trained elsewhere, read from an ONNX file when the pipeline runs. */
export interface OnnxVelocitySpec {
  /** Says which kind this is. */
  readonly kind: "onnx";
  /** Path or URL of the file. */
  readonly path: string;
  /** Number of coordinates; null until the file is read. */
  readonly dim: number | null;
  /** Name of the input that takes the time; null for the one that its name or shape tells. */
  readonly time: string | null;
  /** Name of the input that takes the state; null for the one that its name or shape tells. */
  readonly state: string | null;
  /** How one input [batch, dim + 1] holds both; null for inputs of their own. */
  readonly joined: Joined | null;
  /** Name of the output that is the velocity; null for the only one. */
  readonly output: string | null;
}

/** The exact velocity from a Gaussian source to a Gaussian mixture target, independent coupling. */
export interface GaussianMixtureVelocitySpec {
  /** Says which kind this is. */
  readonly kind: "gaussianMixture";
}

/** The field v(t, x) whose flow carries source to target. */
export type VelocitySpec =
  | MlpVelocitySpec
  | CustomVelocitySpec
  | OnnxVelocitySpec
  | GaussianMixtureVelocitySpec;
