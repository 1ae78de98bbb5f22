import { reject } from "./build.ts";
import { freeze } from "./freeze.ts";
import { dimensionOf, isTrained } from "./properties.ts";
import { type Parts, RULES } from "./rules.ts";
import { objectiveSchema } from "./schema/objective.ts";
import { pipelineFields } from "./schema/pipeline.ts";
import { dataProblems, schemaProblems } from "./schema/problems.ts";
import { trainingSchema } from "./schema/training.ts";
import type { PipelineSpec } from "./spec/pipeline.ts";
import type { SourceSpec } from "./spec/source.ts";

/** Checks plain data as a pipeline, fills in its defaults and freezes it. */
export function read(value: unknown): PipelineSpec {
  const result = pipelineFields.safeParse(value);
  const parts = complete((result.data ?? validFields(value)) as Parts);
  reject("The pipeline", [
    ...dataProblems(value),
    ...schemaProblems(result.error),
    ...RULES.flatMap((rule) => rule(parts)),
  ]);
  return freeze(parts as PipelineSpec);
}

/** The fields that are valid by themselves, so that rules between them are still checked. */
function validFields(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(pipelineFields.shape).flatMap(([key, schema]) => {
      const field = schema.safeParse((value as Record<string, unknown>)[key]);
      return field.success ? [[key, field.data]] : [];
    }),
  );
}

/** Fills in what depends on other parts: the source's dimension, the objective and the training. */
function complete(fields: Parts): Parts {
  const { $schema: _, ...parts } = fields as Parts & { $schema?: string };
  const { source, target, velocity } = parts;
  if (!velocity) return parts;
  const trained = isTrained(velocity);
  const { objective = trained ? objectiveSchema.parse({ kind: "flowMatching" }) : null } = parts;
  const { training = trained ? trainingSchema.parse({}) : null } = parts;
  const spec = { ...parts, objective, training };
  return source && target ? { ...spec, source: withDimension(source, dimensionOf(target)) } : spec;
}

/** The source with the target's number of coordinates, where it has none of its own. */
function withDimension(source: SourceSpec, dim: number | null): SourceSpec {
  const open = (source.kind === "gaussian" || source.kind === "uniform") && source.dim === null;
  return open ? { ...source, dim } : source;
}
