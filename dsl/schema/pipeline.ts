import { z } from "npm:zod@4.6.7";
import type { ObjectiveSpec } from "../spec/objective.ts";
import type { PipelineSpec } from "../spec/pipeline.ts";
import type { TrainingSpec } from "../spec/training.ts";
import { couplingSchema } from "./coupling.ts";
import { dataSchema } from "./data.ts";
import { whole } from "./fields.ts";
import { interpolantSchema } from "./interpolant.ts";
import { metricSchema } from "./metric.ts";
import { objectiveSchema } from "./objective.ts";
import { record } from "./record.ts";
import { solverSchema } from "./solver.ts";
import { sourceSchema } from "./source.ts";
import { trainingSchema } from "./training.ts";
import { velocitySchema } from "./velocity.ts";
import { must } from "./words.ts";

/** A pipeline as its fields alone can check it, before parts are held against one another. */
export interface PipelineFields extends Omit<PipelineSpec, "objective" | "training"> {
  /** Where an editor finds the JSON Schema; not a part of the spec. */
  readonly $schema: string | undefined;
  /** Undefined for what suits the velocity. */
  readonly objective: ObjectiveSpec | null | undefined;
  /** Undefined for what suits the velocity. */
  readonly training: TrainingSpec | null | undefined;
}

const nameRule = must(
  "a name that is safe for a folder: up to 100 letters, digits, _, - and single dots within",
);

/** Schema of a pipeline's fields. */
export const pipelineFields: z.ZodObject = record<PipelineFields>(
  "pipeline",
  "A flow-based generative model: what it is, how it is trained, sampled and measured.",
  {
    $schema: z.string(must("the address of a JSON Schema")).optional()
      .describe("Where an editor finds this schema."),
    version: z.literal(1, must("1, the version of this format")).default(1)
      .describe("Version of this format."),
    name: z.string(nameRule).max(100, nameRule)
      .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, nameRule).default("pipeline")
      .describe("Name of the pipeline, and of its folder of runs."),
    seed: whole(0).default(0)
      .describe("Seed of every random number that has no seed of its own."),
    source: sourceSchema.default(sourceSchema.parse({ kind: "gaussian" }))
      .describe("The distribution at t = 0."),
    target: dataSchema.describe("The distribution at t = 1."),
    coupling: couplingSchema.default({ kind: "independent" })
      .describe("How source and target samples are paired."),
    interpolant: interpolantSchema.default({ kind: "linear" })
      .describe("The path between a pair."),
    velocity: velocitySchema.default(velocitySchema.parse({ kind: "mlp" }))
      .describe("The field whose flow carries source to target."),
    objective: objectiveSchema.nullable().optional()
      .describe("What training minimises; null for a closed-form velocity."),
    training: trainingSchema.nullable().optional()
      .describe("How the velocity is fitted; null for a closed-form velocity."),
    solver: solverSchema.default(solverSchema.parse({ kind: "dopri5" }))
      .describe("What integrates the velocity."),
    metrics: z.array(metricSchema, must("a list of metrics")).default([])
      .describe("What is measured at the end."),
  },
);
