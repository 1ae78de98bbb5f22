import assert from "node:assert/strict";
import { compile, data, metric, pipeline, run, training, velocity } from "../../mod.ts";

const spec = pipeline({
  name: "shown",
  target: data.circles(),
  velocity: velocity.mlp({ hidden: [8] }),
  training: training({ steps: 20, batchSize: 32 }),
  metrics: [metric.meanError({ samples: 200 })],
});

/** What a notebook shows of a value: it calls this method. */
async function shown(value: object): Promise<Record<string, string>> {
  return await (value as Record<symbol, () => Promise<Record<string, string>>>)[
    Symbol.for("Jupyter.display")
  ]();
}

Deno.test("an execution graph shows itself in a notebook", async () => {
  const graph = compile(spec);
  const bundle = await shown(graph);
  assert.match(bundle["image/svg+xml"], /^<svg .*circles/s);
  assert.match(bundle["text/plain"], /^shown: hash [0-9a-f]{12}/);
  assert.deepEqual(Object.getOwnPropertySymbols({ ...graph }), []); // it stays plain data
});

Deno.test("a run, samples and trajectories show themselves in a notebook", async () => {
  const root = await Deno.makeTempDir();
  const done = await run(spec, { folder: root });
  try {
    const bundle = await shown(done);
    const html = bundle["text/html"];
    assert.ok(/<strong>shown<\/strong>.*<table>.*Error of the mean.*<svg /s.test(html));
    assert.ok(!html.includes("<script"));
    assert.match(bundle["text/plain"], /shown in .*\nmeanError .* ± /s);
    const samples = await done.model.sample(50);
    assert.match((await shown(samples))["image/svg+xml"], /^<svg /);
    assert.match((await shown(samples))["text/plain"], /^\[50, 2\], [\d.]+ evaluations a sample$/);
    assert.match((await shown(done.samples))["image/svg+xml"], /^<svg /);
    assert.match((await shown(await done.model.encode(samples)))["text/plain"], /^\[50, 2\]/);
    const paths = await done.model.trajectory(20);
    assert.match((await shown(paths))["image/svg+xml"], /source, t = 0/);
  } finally {
    await done.model.close();
    await Deno.remove(root, { recursive: true });
  }
});
