import { z } from "npm:zod@4.6.7";
import type { FlowMatchingObjectiveSpec, ObjectiveSpec } from "../spec/objective.ts";
import { oneOf } from "./fields.ts";
import { kinds, record } from "./record.ts";

/** Schema of flow matching. */
export const flowMatching: z.ZodObject = record<FlowMatchingObjectiveSpec>(
  "objective.flowMatching",
  "Mean squared error at a random time on the path of a random pair.",
  {
    kind: z.literal("flowMatching"),
    prediction: oneOf(["velocity", "target", "noise"]).default("velocity")
      .describe("What the network predicts."),
  },
);

/** Schema of any objective. */
export const objectiveSchema: z.ZodType<ObjectiveSpec> = kinds([flowMatching]);
