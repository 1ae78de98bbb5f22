import { InputError, parse, type PipelineSpec } from "../dsl/mod.ts";
import { pathName } from "../dsl/schema/words.ts";

/** Plain data that settings are written into. */
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * A pipeline with settings from the command line, such as `training.steps=500` or `metrics[0].samples=1000`.
 *
 * A value is JSON, or else a word. A part that has kinds takes a kind's name for that kind with its defaults
 * (`solver=euler`, or `solver.kind=euler`), and a number for its constant (`training.optimizer.learningRate=0.01`).
 * Settings are taken in their order; the schema then checks the whole.
 *
 * @throws {InputError} If a setting cannot be read or the pipeline does not allow it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, pipeline } from "../mod.ts";
 * const spec = withSettings(pipeline({ target: data.twoMoons() }), ["training.steps=500", "solver=euler"]);
 * assert.deepEqual([spec.training?.steps, spec.solver.kind], [500, "euler"]);
 * ```
 */
export function withSettings(spec: PipelineSpec, settings: readonly string[]): PipelineSpec {
  if (settings.length === 0) return spec;
  let data = dataOf(spec);
  for (const setting of settings) {
    const { path, value } = readSetting(setting);
    write(data, path, value, setting);
    data = filled(data);
  }
  return parse(data);
}

function dataOf(spec: PipelineSpec): { [name: string]: Json } {
  return structuredClone(spec) as unknown as { [name: string]: Json };
}

/** The data with the defaults of parts that are new; as it is while settings that are yet to come are missing. */
function filled(data: { [name: string]: Json }): { [name: string]: Json } {
  try {
    return dataOf(parse(data));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return data;
  }
}

function readSetting(setting: string): { path: (string | number)[]; value: Json } {
  const match = /^([^=]*)=(.*)$/s.exec(setting);
  if (match === null) {
    throw new InputError(
      `Cannot read --set ${setting}: write path=value, as in training.steps=500`,
    );
  }
  const [, place, text] = match;
  if (!/^[A-Za-z_$]\w*(\.\w+|\[\d+\])*$/.test(place)) {
    throw new InputError(
      `Cannot read --set ${setting}: write the place as names with dots, as in metrics[0].samples`,
    );
  }
  const path = place.match(/[\w$]+/g)!.map((key) => /^\d+$/.test(key) ? Number(key) : key);
  return { path, value: readValue(text) };
}

function readValue(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Writes a value at a path; places on the way that hold nothing become objects. */
function write(
  root: { [name: string]: Json },
  path: readonly (string | number)[],
  value: Json,
  setting: string,
): void {
  let at: { [name: string]: Json } | Json[] = root;
  for (const [i, key] of path.entries()) {
    check(at, key, path.slice(0, i), setting);
    const holder = at as Record<string | number, Json>;
    const old = Object.hasOwn(holder, key) ? holder[key] : null;
    if (i === path.length - 1) {
      if (key === "kind" && value !== old) {
        for (const name of Object.keys(holder)) delete holder[name]; // the fields of another kind
      }
      put(holder, key, partOf(old, value));
    } else {
      if (old !== null && typeof old !== "object") {
        const place = pathName(path.slice(0, i + 1));
        throw new InputError(
          `Cannot --set ${setting}: ${place} is ${JSON.stringify(old)}, which has no fields`,
          { field: place },
        );
      }
      at = old ?? {};
      put(holder, key, at);
    }
  }
}

/** What a value means where a part stood that has kinds: a kind's name, or a constant. */
function partOf(old: Json, value: Json): Json {
  const hasKinds = old !== null && typeof old === "object" && !Array.isArray(old) && "kind" in old;
  if (hasKinds && typeof value === "string") return { kind: value };
  if (hasKinds && typeof value === "number") return { kind: "constant", value };
  return value;
}

function check(
  at: { [name: string]: Json } | Json[],
  key: string | number,
  path: readonly (string | number)[],
  setting: string,
): void {
  if (!Array.isArray(at)) return;
  const place = pathName(path);
  if (typeof key === "string") {
    throw new InputError(
      `Cannot --set ${setting}: ${place} is a list, so an index must follow, as in ${place}[0]`,
      { field: place },
    );
  }
  if (key > at.length) {
    throw new InputError(
      `Cannot --set ${setting}: ${place} has ${at.length} entries, so the next is ${place}[${at.length}]`,
      { field: place },
    );
  }
}

/** Puts a field of one's own, also one named like something that every object inherits. */
function put(holder: object, key: string | number, value: Json): void {
  Object.defineProperty(holder, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
