import assert from "node:assert/strict";
import { join } from "node:path";
import { data, load, metric, pipeline, run, training, velocity } from "../../mod.ts";
import { readRecord } from "../../runtime/record.ts";
import { readOutcome } from "../../runtime/replay/runs.ts";

const spec = pipeline({
  name: "recorded",
  target: data.circles(),
  velocity: velocity.mlp({ hidden: [8] }),
  training: training({ steps: 20, batchSize: 32 }),
  metrics: [metric.meanError({ samples: 100 })],
});

Deno.test("a finished run is read back from its folder alone", async () => {
  const root = await Deno.makeTempDir();
  try {
    const { model, folder, metrics, samples } = await run(spec, { folder: root });
    await model.close();
    const moved = join(root, "elsewhere");
    await Deno.rename(folder, moved);
    const record = await readRecord(moved);
    assert.deepEqual(record.spec, spec);
    assert.deepEqual(record.samples.data, samples.data);
    assert.equal(record.metrics[0].value, metrics[0].value);
    assert.match(record.metrics[0].meaning, /mean of the samples/);
    assert.equal(record.loss?.length, 20);
    assert.deepEqual(record.trajectory.shape.slice(0, 1), [33]);
    assert.deepEqual(record.target.shape, [5_000, 2]);
    assert.equal(record.density?.shape[2], 3);
    assert.ok(record.nodes.some(({ id }) => id === "training"));
    assert.match(record.digests.weights, /^[0-9a-f]{64}$/);
    for (const name of ["metrics.json", "log.jsonl"]) {
      const file = join(moved, name);
      const text = await Deno.readTextFile(file);
      await Deno.writeTextFile(file, text.slice(0, -5));
      const damaged = { name: "InputError", message: new RegExp(`${name}' is damaged: `) };
      await assert.rejects(readRecord(moved), damaged);
      if (name === "metrics.json") await assert.rejects(readOutcome(moved), damaged);
      await Deno.writeTextFile(file, text);
    }
    await Deno.writeTextFile(join(moved, "model.json"), "{");
    await assert.rejects(load(moved), { name: "InputError", message: /model\.json' is damaged: / });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("readRecord() names a folder that holds no finished run of this release", async () => {
  const folder = await Deno.makeTempDir();
  const notes = join(folder, "run.json");
  const message = (text: RegExp) => ({ name: "InputError", message: text });
  try {
    await assert.rejects(
      readRecord(join(folder, "none")),
      message(/run folder '.*none': no such file/),
    );
    await assert.rejects(
      readRecord(folder),
      message(/not the folder of a finished run: it has no run\.json/),
    );
    await Deno.writeTextFile(notes, "{ version");
    await assert.rejects(readRecord(folder), message(/run\.json' is damaged/));
    await assert.rejects(readRecord(notes), message(/it is no folder/));
    for (const [text, found] of [['{ "version": 7 }', "found 7"], ["null", "found none"]]) {
      await Deno.writeTextFile(notes, text);
      await assert.rejects(
        readRecord(folder),
        message(new RegExp(`must have version 1, ${found}`)),
      );
    }
    await Deno.writeTextFile(notes, '{ "version": 1 }');
    await assert.rejects(readRecord(folder), message(/spec\.json': no such file/));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
