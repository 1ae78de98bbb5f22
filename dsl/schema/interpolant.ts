import { z } from "npm:zod@4.6.7";
import type {
  CustomInterpolantSpec,
  InterpolantSpec,
  LinearInterpolantSpec,
  TrigonometricInterpolantSpec,
} from "../spec/interpolant.ts";
import { graphFault, weightAt, weightSignature } from "../traced.ts";
import { graph } from "./graph.ts";
import { kinds, record } from "./record.ts";

/** Schema of the linear interpolant. */
export const linear: z.ZodObject = record<LinearInterpolantSpec>(
  "interpolant.linear",
  "X_t = (1 - t) X_0 + t X_1.",
  { kind: z.literal("linear") },
);

/** Schema of the trigonometric interpolant. */
export const trigonometric: z.ZodObject = record<TrigonometricInterpolantSpec>(
  "interpolant.trigonometric",
  "X_t = cos(pi t / 2) X_0 + sin(pi t / 2) X_1.",
  { kind: z.literal("trigonometric") },
);

/** Values of the weights at both ends of the path. */
const ends = { a: [1, 0], b: [0, 1] } as const;

/** How far a weight may be from its value at an end: cos(pi / 2) is not 0 in floating point. */
const tolerance = 1e-6;

/** Schema of an interpolant of traced weights. */
export const custom: z.ZodObject = record<CustomInterpolantSpec>(
  "interpolant.custom",
  "X_t = a(t) X_0 + b(t) X_1 with traced functions of t.",
  {
    kind: z.literal("custom"),
    a: graph("Weight of the source, a graph of the scalar t."),
    b: graph("Weight of the target, a graph of the scalar t."),
  },
  {
    check: (spec, report) => {
      for (const name of ["a", "b"] as const) {
        const message = graphFault(spec[name], weightSignature) ?? endFault(spec, name);
        if (message !== undefined) report([name], message);
      }
    },
  },
);

/** What is wrong with a weight's values at the ends of the path. */
function endFault(spec: CustomInterpolantSpec, name: "a" | "b"): string | undefined {
  for (const t of [0, 1] as const) {
    const found = weightAt(spec[name], t);
    if (Math.abs(found - ends[name][t]) <= tolerance) continue;
    return `must be ${ends[name][t]} at t = ${t}, where the path meets the ${
      t === 0 ? "source" : "target"
    }: found ${found}`;
  }
}

/** Schema of any interpolant. */
export const interpolantSchema: z.ZodType<InterpolantSpec> = kinds([linear, trigonometric, custom]);
