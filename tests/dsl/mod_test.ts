import assert from "node:assert/strict";
import * as dsl from "../../dsl/mod.ts";

/** Builders that make a spec of another kind. */
const CONVERTS: Readonly<Record<string, string>> = { tfjs: "velocity.custom" };

Deno.test("every kind that a spec may have has a builder of that name, and the reverse", () => {
  const definitions = Object.keys(dsl.schema().definitions as object);
  const namespaces = [
    "coupling",
    "data",
    "interpolant",
    "metric",
    "objective",
    "optimizer",
    "schedule",
    "solver",
    "source",
    "velocity",
  ] as const;
  for (const namespace of namespaces) {
    const kinds = definitions.filter((name) => name.startsWith(`${namespace}.`))
      .map((name) => name.slice(namespace.length + 1));
    assert.ok(kinds.length > 0, namespace);
    const builders = Object.keys(dsl[namespace]).filter((name) => CONVERTS[name] === undefined);
    assert.deepEqual(builders.sort(), kinds.sort(), namespace);
  }
});

Deno.test("the language needs zod and no other package", async () => {
  const mod = new URL("../../dsl/mod.ts", import.meta.url).href;
  const args = ["info", "--json", "--no-lock", mod];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  const outside = (modules as { specifier: string }[]).map(({ specifier }) => specifier)
    .filter((specifier) => !/^(file|node):/.test(specifier));
  assert.equal(outside.length, 1);
  assert.match(outside[0], /^npm:\/?zod@/);
});
