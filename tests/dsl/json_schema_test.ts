import assert from "node:assert/strict";
import { Ajv } from "npm:ajv@8.20.0";
import fc from "npm:fast-check@4.10.2";
import { parse, schema } from "../../dsl/mod.ts";
import { arbitraryPipeline } from "./arbitrary.ts";

interface Node {
  readonly properties?: Record<string, { readonly description?: string; readonly const?: string }>;
  readonly description?: string;
  readonly additionalProperties?: unknown;
}

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema());
const definitions = Object.entries(schema().definitions as Record<string, Node>);

Deno.test("schema() accepts every valid pipeline, with defaults left out or filled in", () => {
  fc.assert(
    fc.property(arbitraryPipeline, (json) => {
      assert.ok(validate(json), JSON.stringify(validate.errors));
      assert.ok(validate(parse(json)), JSON.stringify(validate.errors));
    }),
    { numRuns: 200, seed: 2 },
  );
});

Deno.test("schema() refuses unknown kinds, unknown fields and values out of range", () => {
  const target = { kind: "twoMoons" };
  assert.ok(validate({ $schema: "./schema.json", target }));
  assert.ok(!validate({}));
  assert.ok(!validate({ target: { kind: "toMoons" } }));
  assert.ok(!validate({ target, sede: 1 }));
  assert.ok(!validate({ target, training: { steps: -1 } }));
  assert.ok(!validate({ target, solver: { kind: "euler", step: { kind: "adaptive" } } }));
});

Deno.test("schema() describes every kind and every field but kind itself", () => {
  assert.ok(definitions.length > 50);
  for (const [name, { description, properties = {}, additionalProperties }] of definitions) {
    assert.ok(description, name);
    assert.equal(additionalProperties, false, name);
    for (const [field, property] of Object.entries(properties)) {
      if (field === "kind") assert.equal(property.const, name.split(".")[1]);
      else assert.ok(property.description?.endsWith("."), `${name}.${field}`);
    }
  }
});

Deno.test("schema() is JSON", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(schema())), schema());
});
