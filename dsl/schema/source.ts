import { z } from "npm:zod@4.6.7";
import type { GaussianSourceSpec, SourceSpec, UniformSourceSpec } from "../spec/source.ts";
import { dataRecords } from "./data.ts";
import { perCoordinate, whole } from "./fields.ts";
import { kinds, record, type Report } from "./record.ts";

const dim = whole(1).nullable().default(null)
  .describe("Number of coordinates; null for that of the target.");

/** The number of coordinates that lists imply, where `dim` itself is null. */
function impliedDim(dim: number | null, ...values: (number | readonly number[])[]): number | null {
  if (dim !== null) return dim;
  const list = values.find((value) => typeof value !== "number");
  return typeof list === "object" ? list.length : null;
}

/** Reports a field that should hold one number per coordinate and holds too many or too few. */
function checkLength(
  report: Report,
  field: string,
  value: number | readonly number[],
  dim: number | null,
): void {
  if (typeof value === "number" || value.length === dim) return;
  report([field], `must have one number per coordinate, ${dim}: found ${value.length}`);
}

/** Schema of a Gaussian source. */
export const gaussian: z.ZodObject = record<GaussianSourceSpec>(
  "source.gaussian",
  "Gaussian with independent coordinates.",
  {
    kind: z.literal("gaussian"),
    dim,
    mean: perCoordinate().default(0).describe("Mean of every coordinate, or one per coordinate."),
    scale: perCoordinate({ above: 0 }).default(1)
      .describe("Standard deviation of every coordinate, or one per coordinate."),
  },
  {
    complete: (spec) => ({ ...spec, dim: impliedDim(spec.dim, spec.mean, spec.scale) }),
    check: ({ dim, mean, scale }, report) => {
      checkLength(report, "mean", mean, dim);
      checkLength(report, "scale", scale, dim);
    },
  },
);

/** Schema of a uniform source. */
export const uniform: z.ZodObject = record<UniformSourceSpec>(
  "source.uniform",
  "Uniform on a box.",
  {
    kind: z.literal("uniform"),
    dim,
    low: perCoordinate().default(-1)
      .describe("Lower end of every coordinate, or one per coordinate."),
    high: perCoordinate().default(1)
      .describe("Upper end of every coordinate, or one per coordinate."),
  },
  {
    complete: (spec) => ({ ...spec, dim: impliedDim(spec.dim, spec.low, spec.high) }),
    check: ({ dim, low, high }, report) => {
      checkLength(report, "low", low, dim);
      checkLength(report, "high", high, dim);
      const at = (ends: number | readonly number[], i: number): number =>
        typeof ends === "number" ? ends : ends[i];
      for (let i = 0; i < (dim ?? 1); i++) {
        if (!(at(low, i) >= at(high, i))) continue;
        const found = `coordinate ${i} runs from ${at(low, i)} to ${at(high, i)}`;
        return report(["high"], `must be above low in every coordinate: ${found}`);
      }
    },
  },
);

/** Schema of any source. */
export const sourceSchema: z.ZodType<SourceSpec> = kinds([gaussian, uniform, ...dataRecords]);
