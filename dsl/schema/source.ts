import { z } from "npm:zod@4.6.7";
import type { GaussianSourceSpec, SourceSpec, UniformSourceSpec } from "../spec/source.ts";
import { dataRecords } from "./data.ts";
import { perCoordinate, whole } from "./fields.ts";
import { kinds, record } from "./record.ts";

const dim = whole(1).nullable().default(null)
  .describe("Number of coordinates; null for that of the target.");

/** The number of coordinates that lists imply, where `dim` itself is null. */
function impliedDim(dim: number | null, ...values: (number | readonly number[])[]): number | null {
  if (dim !== null) return dim;
  const list = values.find((value) => typeof value !== "number");
  return typeof list === "object" ? list.length : null;
}

/** Says of a field which holds one number per coordinate that it holds too many or too few. */
function checkLength(
  ctx: z.RefinementCtx,
  field: string,
  value: number | readonly number[],
  dim: number | null,
): void {
  if (typeof value === "number" || value.length === dim) return;
  const message = `must have one number per coordinate, ${dim}: found ${value.length}`;
  ctx.addIssue({ code: "custom", path: [field], message });
}

/** Schema of a Gaussian source. */
export const gaussian: z.ZodObject = record<GaussianSourceSpec>(
  "gaussian",
  "Gaussian with independent coordinates.",
  {
    kind: z.literal("gaussian"),
    dim,
    mean: perCoordinate().default(0).describe("Mean of every coordinate, or one per coordinate."),
    scale: perCoordinate({ above: 0 }).default(1)
      .describe("Standard deviation of every coordinate, or one per coordinate."),
  },
).overwrite((value) => {
  const spec = value as unknown as GaussianSourceSpec;
  return { ...spec, dim: impliedDim(spec.dim, spec.mean, spec.scale) };
}).superRefine((value, ctx) => {
  const { dim, mean, scale } = value as unknown as GaussianSourceSpec;
  checkLength(ctx, "mean", mean, dim);
  checkLength(ctx, "scale", scale, dim);
});

/** Schema of a uniform source. */
export const uniform: z.ZodObject = record<UniformSourceSpec>("uniform", "Uniform on a box.", {
  kind: z.literal("uniform"),
  dim,
  low: perCoordinate().default(-1)
    .describe("Lower end of every coordinate, or one per coordinate."),
  high: perCoordinate().default(1)
    .describe("Upper end of every coordinate, or one per coordinate."),
}).overwrite((value) => {
  const spec = value as unknown as UniformSourceSpec;
  return { ...spec, dim: impliedDim(spec.dim, spec.low, spec.high) };
}).superRefine((value, ctx) => {
  const { dim, low, high } = value as unknown as UniformSourceSpec;
  checkLength(ctx, "low", low, dim);
  checkLength(ctx, "high", high, dim);
  const at = (ends: number | readonly number[], i: number): number =>
    typeof ends === "number" ? ends : ends[i];
  for (let i = 0; i < (dim ?? 1); i++) {
    if (at(low, i) < at(high, i)) continue;
    const message = `must be above low in every coordinate: coordinate ${i} runs from ${
      at(low, i)
    } to ${at(high, i)}`;
    return ctx.addIssue({ code: "custom", path: ["high"], message });
  }
});

/** Schema of any source. */
export const sourceSchema: z.ZodType<SourceSpec> = kinds([gaussian, uniform, ...dataRecords]);
