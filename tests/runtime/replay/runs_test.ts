import assert from "node:assert/strict";
import { join } from "node:path";
import { data, pipeline, solver, training } from "../../../dsl/mod.ts";
import { lastRun } from "../../../runtime/replay/runs.ts";
import { run } from "../../../runtime/run.ts";
import { inFolder } from "../../in_folder.ts";

Deno.test("lastRun() finds the run that was finished last, and passes over runs of another format", () =>
  inFolder(async (root) => {
    assert.equal(await lastRun(root, "tiny"), null);
    const folders: string[] = [];
    for (const seed of [1, 2]) {
      const made = await run(
        pipeline({
          name: "tiny",
          seed,
          target: data.circles(),
          training: training({ steps: 5, batchSize: 16 }),
          solver: solver.euler({ steps: 5 }),
          metrics: [],
        }),
        { folder: root, backend: "cpu" },
      );
      folders.push(made.folder);
      await made.model.close();
    }
    assert.equal(await lastRun(root, "tiny"), folders[1]);
    const notes = join(folders[1], "run.json");
    const { version, ...rest } = JSON.parse(await Deno.readTextFile(notes));
    await Deno.writeTextFile(notes, JSON.stringify({ version: version + 1, ...rest }));
    assert.equal(await lastRun(root, "tiny"), folders[0]);
  }));
