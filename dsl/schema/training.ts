import { z } from "npm:zod@4.6.7";
import type {
  AdamSpec,
  AdamwSpec,
  OptimizerSpec,
  ScheduleSpec,
  SgdSpec,
  TrainingSpec,
} from "../spec/training.ts";
import { real, whole } from "./fields.ts";
import { kinds, record } from "./record.ts";
import { scheduleSchema } from "./schedule.ts";

function learningRate(value: number): z.ZodType<ScheduleSpec> {
  return scheduleSchema.default({ kind: "constant", value })
    .describe("Learning rate over the steps of training.");
}

/** Schema of stochastic gradient descent. */
export const sgd: z.ZodObject = record<SgdSpec>("optimizer.sgd", "Stochastic gradient descent.", {
  kind: z.literal("sgd"),
  learningRate: learningRate(1e-2),
  momentum: real({ atLeast: 0, below: 1 }).default(0)
    .describe("Part of the last update that is kept."),
});

const moments = {
  learningRate: learningRate(1e-3),
  beta1: real({ atLeast: 0, below: 1 }).default(0.9).describe("Decay of the mean of gradients."),
  beta2: real({ atLeast: 0, below: 1 }).default(0.999)
    .describe("Decay of the mean of squared gradients."),
  epsilon: real({ above: 0 }).default(1e-8).describe("Added to the root of the mean square."),
};

/** Schema of Adam. */
export const adam: z.ZodObject = record<AdamSpec>("optimizer.adam", "Adam.", {
  kind: z.literal("adam"),
  ...moments,
});

/** Schema of Adam with decoupled weight decay. */
export const adamw: z.ZodObject = record<AdamwSpec>(
  "optimizer.adamw",
  "Adam with decoupled weight decay.",
  {
    kind: z.literal("adamw"),
    ...moments,
    weightDecay: real({ atLeast: 0 }).default(0.01)
      .describe("A parameter loses learningRate * weightDecay of itself at each step."),
  },
);

/** Schema of any optimizer. */
export const optimizerSchema: z.ZodType<OptimizerSpec> = kinds([sgd, adam, adamw]);

/** The optimizer of a training that names none. */
const defaultOptimizer = optimizerSchema.parse({ kind: "adam" });

const trainingRecord = record<TrainingSpec>("training", "How the velocity is fitted.", {
  steps: whole(1).default(2_000).describe("Number of updates."),
  batchSize: whole(1).default(256).describe("Pairs in an update."),
  optimizer: optimizerSchema.default(defaultOptimizer)
    .describe("What turns a gradient into an update."),
  ema: real({ atLeast: 0, below: 1 }).nullable().default(0.999)
    .describe("Decay of the moving average of parameters that is sampled from; null for none."),
  clipNorm: real({ above: 0 }).nullable().default(null)
    .describe("Largest norm of the whole gradient; null for no limit."),
}, {
  check: ({ steps, optimizer }, report) => {
    const { learningRate } = optimizer;
    if (learningRate.kind === "constant" || learningRate.warmup < steps) return;
    const found = `found ${learningRate.warmup}`;
    report(
      ["optimizer", "learningRate", "warmup"],
      `must be below the steps of training, ${steps}: ${found}`,
    );
  },
});

/** Schema of training. */
export const trainingSchema: z.ZodType<TrainingSpec> = trainingRecord as unknown as z.ZodType<
  TrainingSpec
>;
