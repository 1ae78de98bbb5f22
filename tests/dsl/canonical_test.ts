import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { data, hash, parse, pipeline, type PipelineSpec, stringify } from "../../dsl/mod.ts";
import { arbitraryPipeline } from "./arbitrary.ts";

/** The same data with the keys of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, item]) => [key, shuffled(item)]));
}

function frozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(frozen);
}

Deno.test("any valid pipeline survives stringify() and parse() exactly, frozen, with one hash", () => {
  fc.assert(
    fc.property(arbitraryPipeline, (json) => {
      const before = JSON.stringify(json);
      const spec = parse(json);
      assert.equal(JSON.stringify(json), before, "the input is left as it was");
      assert.ok(frozen(spec));
      const text = stringify(spec);
      const again = parse(text);
      assert.deepEqual(again, spec);
      assert.equal(stringify(again), text);
      assert.deepEqual(parse(JSON.parse(JSON.stringify(spec))), spec);
      assert.equal(stringify(shuffled(spec) as PipelineSpec), text);
      assert.equal(hash(again), hash(spec));
    }),
    { numRuns: 200, seed: 1 },
  );
});

Deno.test("parse() does not freeze the data it is given", () => {
  const json = {
    target: { kind: "gaussianMixture", weights: [1], means: [[0]], covariances: [[[1]]] },
  };
  parse(json);
  assert.ok(!Object.isFrozen(json) && !Object.isFrozen(json.target.means[0]));
});

Deno.test("stringify() sorts keys and writes the shortest numbers that read back", () => {
  const spec = pipeline({ target: data.twoMoons({ noise: 0.1 + 0.2 }) });
  const text = stringify(spec);
  assert.ok(text.startsWith('{"coupling":{"kind":"independent"},"interpolant":{"kind":"linear"}'));
  const target = '"target":{"kind":"twoMoons","noise":0.30000000000000004,"scale":1,"shift":0,';
  assert.ok(text.includes(target));
});

Deno.test("stringify() with an indent holds the same data", () => {
  const spec = pipeline({ target: data.twoMoons() });
  assert.deepEqual(parse(stringify(spec, { indent: 2 })), spec);
  assert.ok(stringify(spec, { indent: 2 }).includes('\n  "name": "pipeline"'));
});

Deno.test("hash() is the SHA-256 of the canonical text and changes with any field", () => {
  const spec = pipeline({ name: "moons", target: data.twoMoons() });
  assert.equal(hash(spec), "b5e65ec896ca2d2677e99678997964de469320736937e209bc1733229c9bf6f3");
  const variants = [
    pipeline({ ...spec, seed: 1 }),
    pipeline({ ...spec, name: "moon" }),
    pipeline({ ...spec, target: data.twoMoons({ noise: 0.06 }) }),
  ];
  assert.equal(new Set([spec, ...variants].map(hash)).size, 4);
});

for (const value of [-0, NaN, Infinity, -Infinity]) {
  Deno.test(`parse() and stringify() refuse ${Object.is(value, -0) ? "-0" : value}`, () => {
    const message = Object.is(value, -0)
      ? "target.shift must not be -0: write 0"
      : `target.shift must be a finite number: found ${value}`;
    const json = { target: { kind: "twoMoons", shift: value } };
    assert.throws(() => parse(json), { name: "InputError", message, field: "target.shift" });
    const spec = pipeline({ target: data.twoMoons() });
    const broken = { ...spec, target: { ...spec.target, shift: value } } as PipelineSpec;
    assert.throws(() => stringify(broken), { name: "InputError", message });
  });
}

Deno.test("parse() refuses -0 in JSON text", () => {
  assert.throws(() => parse('{ "target": { "kind": "twoMoons", "shift": -0 } }'), {
    message: "target.shift must not be -0: write 0",
  });
});

Deno.test("parse() refuses what is not plain data", () => {
  const target = { kind: "twoMoons" };
  const found = (extra: object) => {
    try {
      parse({ target, ...extra });
    } catch (error) {
      return (error as Error).message.split("\n").map((line) => line.trim());
    }
    return [];
  };
  assert.ok(
    found({ metrics: [() => 1] }).includes(
      "metrics[0] must be plain data: found a function",
    ),
  );
  assert.ok(found({ source: new Map() }).includes("source must be plain data: found a Map"));
  // deno-lint-ignore no-sparse-arrays
  assert.ok(found({ metrics: [,] }).includes("metrics[0] must not be undefined"));
  assert.ok(found({ seed: 1n }).includes("seed must be plain data: found 1n"));
  const loop: { self?: unknown } = {};
  loop.self = loop;
  assert.ok(
    found({ velocity: loop }).includes(
      "velocity.self must be plain data: it contains itself",
    ),
  );
});

Deno.test("parse() says where JSON text breaks off", () => {
  assert.throws(() => parse('{ "target": '), {
    name: "InputError",
    message: /^The pipeline spec is not valid JSON: .*JSON/,
  });
});

Deno.test("parse() takes the address of a JSON Schema and leaves it out of the spec", () => {
  const spec = parse({ $schema: "./pipeline.schema.json", target: { kind: "twoMoons" } });
  assert.ok(!("$schema" in spec));
  assert.equal(hash(spec), hash(parse({ target: { kind: "twoMoons" } })));
});
