import { createHash } from "node:crypto";
import { reject } from "./build.ts";
import { InputError } from "./error.ts";
import { read } from "./read.ts";
import { dataProblems } from "./schema/problems.ts";
import type { PipelineSpec } from "./spec/pipeline.ts";

/** The same data with the keys of every object in the order of their UTF-16 code units. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/**
 * A pipeline spec as canonical JSON: sorted keys, shortest numbers that read back exactly, and no
 * spaces unless `indent` asks for them. Equal specs give equal text.
 *
 * @param options `indent`: spaces per level, for people to read.
 * @throws {InputError} If a number is -0, NaN or infinite, or something is not plain data.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, parse, pipeline, stringify } from "./mod.ts";
 * const spec = pipeline({ target: data.twoMoons() });
 * assert.deepEqual(parse(stringify(spec)), spec);
 * ```
 */
export function stringify(spec: PipelineSpec, options: { indent?: number } = {}): string {
  reject("The spec", dataProblems(spec));
  return JSON.stringify(sorted(spec), null, options.indent);
}

/**
 * Reads a pipeline spec from JSON text or plain data, and fills in what is left out.
 *
 * @throws {InputError} If it is not a valid spec; the message lists every problem on a line.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parse } from "./mod.ts";
 * const spec = parse('{ "target": { "kind": "twoMoons" }, "training": { "steps": 100 } }');
 * assert.equal(spec.training?.steps, 100);
 * assert.throws(() => parse('{ "target": { "kind": "toMoons" } }'), {
 *   message: /target\.kind must be one of .*: found "toMoons"; did you mean "twoMoons"\?/,
 * });
 * ```
 */
export function parse(json: unknown): PipelineSpec {
  return read(typeof json === "string" ? parseText(json) : json);
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { message } = cause as SyntaxError;
    throw new InputError(`The pipeline spec is not valid JSON: ${message}`, { cause });
  }
}

/**
 * SHA-256 of a spec's canonical JSON, in hexadecimal: the name of everything that follows from it.
 *
 * @throws {InputError} If a number is -0, NaN or infinite, or something is not plain data.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, hash, pipeline } from "./mod.ts";
 * const spec = pipeline({ target: data.twoMoons() });
 * assert.match(hash(spec), /^[0-9a-f]{64}$/);
 * assert.notEqual(hash(spec), hash(pipeline({ target: data.twoMoons(), seed: 1 })));
 * ```
 */
export function hash(spec: PipelineSpec): string {
  return createHash("sha256").update(stringify(spec)).digest("hex");
}

/** SHA-256 of any plain data by its canonical JSON, in hexadecimal. */
export function digest(data: unknown): string {
  return createHash("sha256").update(JSON.stringify(sorted(data))).digest("hex");
}
