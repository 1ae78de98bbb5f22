import { z } from "npm:zod@4.6.7";
import type {
  CustomVelocitySpec,
  FourierTimeSpec,
  GaussianMixtureVelocitySpec,
  MlpVelocitySpec,
  RawTimeSpec,
  SinusoidalTimeSpec,
  TimeSpec,
  VelocitySpec,
} from "../spec/velocity.ts";
import { fieldSignature, graphFault } from "../traced.ts";
import { flag, listOf, oneOf, real, whole } from "./fields.ts";
import { graph } from "./graph.ts";
import { kinds, record } from "./record.ts";

const features = whole(1).default(32).describe("Number of frequencies; twice as many features.");

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
    hidden: listOf(whole(1), 0, "a list of widths").default([256, 256, 256])
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

/** Schema of the closed form for a Gaussian mixture. */
export const gaussianMixture: z.ZodObject = record<GaussianMixtureVelocitySpec>(
  "velocity.gaussianMixture",
  "The exact velocity from a Gaussian source to a Gaussian mixture target.",
  { kind: z.literal("gaussianMixture") },
);

/** Schema of any velocity. */
export const velocitySchema: z.ZodType<VelocitySpec> = kinds([mlp, custom, gaussianMixture]);
