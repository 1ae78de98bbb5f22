/** Whatever JSON is read, it is a valid spec or an InputError: never another failure. */
import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { InputError, parse, stringify } from "../../dsl/mod.ts";
import { arbitraryPipeline } from "./arbitrary.ts";

function readsOrRefuses(json: unknown): void {
  try {
    stringify(parse(json));
  } catch (error) {
    assert.ok(error instanceof InputError, String((error as Error).stack));
    assert.ok(
      error.message.length > 0 && !/Cannot read properties|is not a function/.test(error.message),
      error.message,
    );
  }
}

/** Every place within plain data. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))];
}

/** The same data with another value at one place; undefined leaves it out. */
function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...value as object }) as Record<
    string,
    unknown
  >;
  copy[key] = replaced(copy[key], rest, by);
  return Array.isArray(copy) ? copy.filter((item) => item !== undefined) : copy;
}

const junk = fc.oneof(
  fc.constantFrom(undefined, null, true, -1, 0, 0.5, 1e9, "", "gaussian", [], [[]], {}, [null]),
  fc.jsonValue(),
);

Deno.test("parse() reads or refuses any JSON", () => {
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.anything()), readsOrRefuses), {
    numRuns: 300,
    seed: 3,
  });
});

Deno.test("parse() reads or refuses a valid spec with one place changed", () => {
  const changed = fc.tuple(arbitraryPipeline, fc.nat(), junk).map(([json, at, by]) => {
    const all = places(json);
    return replaced(json, all[at % all.length], by);
  });
  fc.assert(fc.property(changed, readsOrRefuses), { numRuns: 400, seed: 4 });
});
