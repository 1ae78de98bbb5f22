import { z } from "npm:zod@4.6.7";
import type {
  CustomVelocitySpec,
  FourierTimeSpec,
  GaussianMixtureVelocitySpec,
  MlpVelocitySpec,
  OnnxVelocitySpec,
  RawTimeSpec,
  SinusoidalTimeSpec,
  TimeSpec,
  VelocitySpec,
} from "../spec/velocity.ts";
import { fieldSignature, graphFault } from "../traced.ts";
import { flag, listOf, oneOf, real, text, whole } from "./fields.ts";
import { graph } from "./graph.ts";
import { kinds, record } from "./record.ts";

/** Sizes beyond which no machine holds a layer's weights, so that a slip of the keyboard is told from a wish. */
const [WIDEST, MOST_FEATURES] = [2 ** 20, 2 ** 16];

const features = whole(1, MOST_FEATURES).default(32).describe(
  "Number of frequencies; twice as many features.",
);

const timeSchema = kinds<TimeSpec>([
  record<RawTimeSpec>("time.raw", "Time enters as one number.", { kind: z.literal("raw") }),
  record<FourierTimeSpec>("time.fourier", "Cosines and sines of random frequencies.", {
    kind: z.literal("fourier"),
    features,
    scale: real({ above: 0 }).default(1).describe("Standard deviation of the frequencies."),
  }),
  record<SinusoidalTimeSpec>("time.sinusoidal", "Cosines and sines of a range of frequencies.", {
    kind: z.literal("sinusoidal"),
    features,
  }),
]);

/** Schema of a multilayer perceptron. */
export const mlp: z.ZodObject = record<MlpVelocitySpec>(
  "velocity.mlp",
  "A multilayer perceptron of t and x.",
  {
    kind: z.literal("mlp"),
    hidden: listOf(whole(1, WIDEST), 0, "a list of widths").default([256, 256, 256])
      .describe("Width of each hidden layer."),
    activation: oneOf(["silu", "relu", "tanh", "gelu", "softplus", "selu"]).default("silu")
      .describe("Nonlinearity after each hidden layer."),
    time: timeSchema.default({ kind: "raw" }).describe("How time enters."),
    residual: flag().default(false)
      .describe("Whether a hidden layer adds its input to its output, where widths are equal."),
    layerNorm: flag().default(false)
      .describe("Whether each hidden layer is normalised before its nonlinearity."),
  },
);

/** Schema of a traced closed form. */
export const custom: z.ZodObject = record<CustomVelocitySpec>(
  "velocity.custom",
  "A closed form in t and x.",
  {
    kind: z.literal("custom"),
    dim: whole(1).describe("Number of coordinates."),
    field: graph('The traced function, a graph of "t" ["n", 1] and "x" ["n", dim].'),
  },
  {
    check: ({ dim, field }, report) => {
      const message = graphFault(field, fieldSignature(dim));
      if (message !== undefined) report(["field"], message);
    },
  },
);

const input = text("the name of an input, or null").nullable().default(null);

/** Schema of a network in a file. */
export const onnx: z.ZodObject = record<OnnxVelocitySpec>(
  "velocity.onnx",
  "A network trained elsewhere, from an ONNX file.",
  {
    kind: z.literal("onnx"),
    path: text("the path or URL of an ONNX file").describe("Path or URL of the file."),
    dim: whole(1).nullable().default(null)
      .describe("Number of coordinates; null until the file is read."),
    time: input.describe("Name of the input that takes the time; null to tell by name and shape."),
    state: input.describe(
      "Name of the input that takes the state; null to tell by name and shape.",
    ),
    joined: oneOf(["stateFirst", "timeFirst"]).nullable().default(null)
      .describe("Order of state and time in one input [batch, dim + 1]; null for two inputs."),
    output: text("the name of an output, or null").nullable().default(null)
      .describe("Name of the output that is the velocity; null for the only one."),
  },
  {
    check: ({ time, joined }, report) => {
      if (time === null || joined === null) return;
      report(
        ["time"],
        `must be null where one input holds both, which state names: found "${time}"`,
      );
    },
  },
);

/** Schema of the closed form for a Gaussian mixture. */
export const gaussianMixture: z.ZodObject = record<GaussianMixtureVelocitySpec>(
  "velocity.gaussianMixture",
  "The exact velocity from a Gaussian source to a Gaussian mixture target.",
  { kind: z.literal("gaussianMixture") },
);

/** Schema of any velocity. */
export const velocitySchema: z.ZodType<VelocitySpec> = kinds([
  mlp,
  custom,
  onnx,
  gaussianMixture,
]);
