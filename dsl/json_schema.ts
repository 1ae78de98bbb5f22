import { z } from "npm:zod@4.6.7";
import { pipelineFields } from "./schema/pipeline.ts";

/**
 * The JSON Schema (draft 7) of a pipeline spec, with descriptions and defaults: an editor that is
 * given it completes `spec.json`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { schema } from "./mod.ts";
 * assert.equal(schema().title, "Pushforward pipeline");
 * ```
 */
export function schema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(pipelineFields, { target: "draft-7", io: "input" });
  return { $schema, title: "Pushforward pipeline", ...rest };
}
