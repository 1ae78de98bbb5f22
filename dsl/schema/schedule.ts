import { z } from "npm:zod@4.6.7";
import type {
  ConstantScheduleSpec,
  CosineScheduleSpec,
  LinearWarmupScheduleSpec,
  ScheduleSpec,
} from "../spec/training.ts";
import { real, whole } from "./fields.ts";
import { kinds, record } from "./record.ts";

const peak = real({ above: 0 }).describe("Largest value.");

/** Schema of a constant schedule. */
export const constant: z.ZodObject = record<ConstantScheduleSpec>(
  "schedule.constant",
  "The same value at every step.",
  { kind: z.literal("constant"), value: real({ above: 0 }).describe("The value.") },
);

/** Schema of a cosine schedule. */
export const cosine: z.ZodObject = record<CosineScheduleSpec>(
  "schedule.cosine",
  "Linear warm-up, then half a cosine down to the floor at the last step.",
  {
    kind: z.literal("cosine"),
    peak,
    floor: real({ atLeast: 0 }).default(0).describe("Value at the last step."),
    warmup: whole(0).default(0).describe("Steps of linear warm-up."),
  },
  {
    check: ({ peak, floor }, report) => {
      if (floor > peak) report(["floor"], `must be at most the peak, ${peak}: found ${floor}`);
    },
  },
);

/** Schema of a warm-up to a constant. */
export const linearWarmup: z.ZodObject = record<LinearWarmupScheduleSpec>(
  "schedule.linearWarmup",
  "Linear warm-up, then constant.",
  { kind: z.literal("linearWarmup"), peak, warmup: whole(1).describe("Steps of linear warm-up.") },
);

/** Schema of any schedule. */
export const scheduleSchema: z.ZodType<ScheduleSpec> = kinds([constant, cosine, linearWarmup]);
