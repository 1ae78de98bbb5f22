import assert from "node:assert/strict";
import { compile, hash, parse, type PipelineSpec, stringify } from "../../mod.ts";

const FOLDER = new URL("../../examples/", import.meta.url);

const EXAMPLES = [...Deno.readDirSync(FOLDER)]
  .map((entry) => entry.name)
  .filter((name) => name.endsWith(".ts"))
  .sort();

for (const name of EXAMPLES) {
  Deno.test(`examples/${name} exports a pipeline that survives storing and compiles`, async () => {
    const { default: spec } = await import(new URL(name, FOLDER).href) as { default: PipelineSpec };
    assert.equal(hash(parse(stringify(spec))), hash(spec));
    const graph = compile(spec);
    const trained = spec.velocity.kind === "onnx" ? "closedForm" : "training";
    assert.ok(graph.nodes.some((node) => node.kind === trained));
    assert.ok(spec.metrics.length > 0);
  });

  Deno.test(`examples/${name} says what it shows and how it is run`, async () => {
    const text = await Deno.readTextFile(new URL(name, FOLDER));
    const [head] = text.split("*/");
    assert.match(head, /It shows/);
    assert.ok(head.includes(`deno run -A examples/${name}`), head);
  });
}
