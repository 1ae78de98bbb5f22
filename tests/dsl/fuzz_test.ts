/** Whatever JSON is read, it is a valid spec that compiles or an InputError: never another failure. */
import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { compile } from "../../compiler/compile.ts";
import { dimensionOf, InputError, parse, stringify } from "../../dsl/mod.ts";
import { arbitraryPipeline } from "./arbitrary.ts";

function readsOrRefuses(json: unknown): void {
  try {
    const spec = parse(json);
    const text = stringify(spec);
    assert.equal(stringify(parse(text)), text);
    compile(spec, {
      target: dimensionOf(spec.target) === null ? { dim: 2, digest: "0" } : undefined,
    });
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

/** A change at one place of a valid spec, or at two; places are numbers that are taken modulo how many there are. */
type Mutation = (spec: unknown) => unknown;

const at = (spec: unknown, place: number): readonly string[] => {
  const all = places(spec);
  return all[place % all.length];
};

const valueAt = (spec: unknown, [key, ...rest]: readonly string[]): unknown =>
  key === undefined ? spec : valueAt((spec as Record<string, unknown>)[key], rest);

/** Another value of the same type, near the edges of what is accepted. */
function nudged(value: unknown, by: number): unknown {
  switch (typeof value) {
    case "number":
      return [0, -value, value + 0.5, value * 1e9, 2 ** 53, 1e-320, Infinity, NaN][by % 8];
    case "string":
      return [
        "",
        value.slice(1),
        value + value,
        value.toUpperCase(),
        "\u0000",
        "__proto__",
      ][by % 6];
    case "boolean":
      return [!value, Number(value), String(value)][by % 3];
    default:
      if (Array.isArray(value)) return [[], [...value, ...value], value.slice(1), value[0]][by % 4];
      return [null, {}, [value], { ...value as object, extra: by }][by % 4];
  }
}

/** The same object with one of its fields under another name. */
function renamed(value: unknown, by: number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return nudged(value, by);
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item], i) =>
      i === by % entries.length ? [`${key.slice(0, -1)}${by % 7}`, item] : [key, item]
    ),
  );
}

const place = fc.nat();
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, junk).map(([p, by]): Mutation => (s) => replaced(s, at(s, p), by)),
  fc.tuple(place, fc.nat()).map(([p, by]): Mutation => (s) =>
    replaced(s, at(s, p), nudged(valueAt(s, at(s, p)), by))
  ),
  fc.tuple(place, fc.nat()).map(([p, by]): Mutation => (s) =>
    replaced(s, at(s, p), renamed(valueAt(s, at(s, p)), by))
  ),
  // A part of the spec where another belongs.
  fc.tuple(place, place).map(([p, q]): Mutation => (s) =>
    replaced(s, at(s, p), valueAt(s, at(s, q)))
  ),
);

Deno.test("parse() reads or refuses 10,000 valid specs with a place or two changed, and what it reads compiles", () => {
  const specs = fc.sample(arbitraryPipeline, { numRuns: 400, seed: 4 });
  const changed = fc.tuple(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 2 })).map((
    [which, mutations],
  ) => mutations.reduce((spec, mutate) => mutate(spec), specs[which % specs.length] as unknown));
  fc.assert(fc.property(changed, readsOrRefuses), { numRuns: 10_000, seed: 5 });
});
