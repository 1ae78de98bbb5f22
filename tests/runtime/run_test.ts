import assert from "node:assert/strict";
import { join } from "node:path";
import { data, pipeline, run, type RunOptions, solver, training, velocity } from "../../mod.ts";
import { inFolder } from "../in_folder.ts";

const SPEC = pipeline({
  name: "circles",
  target: data.circles(),
  velocity: velocity.mlp({ hidden: [8] }),
  training: training({ steps: 20, batchSize: 32 }),
  solver: solver.euler({ steps: 4 }),
  metrics: [],
});

Deno.test("run() clears what a process left that was killed when its result was just in the store", () =>
  inFolder(async (folder) => {
    const options: RunOptions = { folder, backend: "cpu" };
    const { model, graph } = await run(SPEC, options);
    await model.close();
    const store = join(folder, ".store");
    const names = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();
    const whole = names(store);

    const [training, solver] = ["training", "solver"].map((wanted) =>
      graph.nodes.find(({ id }) => id === wanted)!.hash.slice(0, 32)
    );
    await Deno.writeTextFile(join(store, `${solver}.hold`), "");
    await Deno.mkdir(join(store, `${solver}.12345678.tmp`)); // what the result replaced
    await Deno.writeTextFile(join(store, `${training}.hold`), "");
    const partial = join(store, `${training}.partial`);
    await Deno.mkdir(partial);
    await Deno.writeTextFile(join(partial, "checkpoint.safetensors"), "x");
    await Deno.writeTextFile(join(partial, "checkpoint.safetensors.corrupt-1"), "y"); // somebody's to look at
    await (await run(SPEC, options)).model.close();
    assert.deepEqual(names(partial), ["checkpoint.safetensors.corrupt-1"]);
    assert.deepEqual(names(store), [...whole, `${training}.partial`].sort());

    await Deno.remove(join(partial, "checkpoint.safetensors.corrupt-1"));
    await Deno.writeTextFile(join(partial, "checkpoint.safetensors"), "x"); // as a stopped `--force` leaves it
    await (await run(SPEC, options)).model.close();
    assert.deepEqual(names(store), whole);
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
