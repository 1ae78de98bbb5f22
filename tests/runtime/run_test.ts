import assert from "node:assert/strict";
import { join } from "node:path";
import { data, pipeline, run, type RunOptions, solver, training, velocity } from "../../mod.ts";
import { isThere } from "../../runtime/files.ts";
import { inFolder } from "../in_folder.ts";

const SPEC = pipeline({
  name: "circles",
  target: data.circles(),
  velocity: velocity.mlp({ hidden: [8] }),
  training: training({ steps: 20, batchSize: 32 }),
  solver: solver.euler({ steps: 4 }),
  metrics: [],
});

Deno.test("run() removes a checkpoint that its training outlived, but not what was set aside", () =>
  inFolder(async (folder) => {
    const options: RunOptions = { folder, backend: "cpu" };
    const { model, graph } = await run(SPEC, options);
    await model.close();
    const { hash } = graph.nodes.find(({ id }) => id === "training")!;
    const partial = join(folder, ".store", `${hash.slice(0, 32)}.partial`);
    await Deno.mkdir(partial);
    await Deno.writeTextFile(join(partial, "checkpoint.safetensors"), "x");
    await Deno.writeTextFile(join(partial, "checkpoint.safetensors.corrupt-1"), "y");
    await (await run(SPEC, options)).model.close();
    assert.deepEqual([...Deno.readDirSync(partial)].map(({ name }) => name), [
      "checkpoint.safetensors.corrupt-1",
    ]);
    await Deno.remove(join(partial, "checkpoint.safetensors.corrupt-1"));
    await (await run(SPEC, options)).model.close();
    assert.equal(await isThere(partial), false);
  }));

Deno.test("run() refuses a time between checkpoints that is none", () =>
  inFolder(async (folder) => {
    for (const checkpointEvery of [-1, NaN]) {
      await assert.rejects(run(SPEC, { folder, checkpointEvery }), {
        name: "InputError",
        message: /checkpointEvery must be a number of seconds, at least 0: found (-1|NaN)/,
      });
    }
  }));
