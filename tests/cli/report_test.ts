import assert from "node:assert/strict";
import { join } from "node:path";
import { CLI, deno, inFolder, noTrace, pipelineFile } from "./command_line.ts";

Deno.test("a run leaves its report, and the report is made again from the folder alone", () =>
  inFolder(pipelineFile(), async (folder) => {
    const run = await deno(folder, "tiny.ts", "run", "--set", "seed=1", "--json");
    assert.equal(run.code, 0, run.err);
    const { folder: made, files } = JSON.parse(run.out);
    assert.ok(files.includes(join(made, "report.html")));
    const first = await Deno.readTextFile(join(folder, made, "report.html"));
    assert.match(first, /^<!doctype html>/);
    assert.match(first, /Sliced Wasserstein-2 distance/);
    assert.match(first, /<pre>deno run -A tiny\.ts run --set seed=1 --backend cpu\n<\/pre>/);
    assert.match(first, /Run the pipeline file <code>tiny\.ts<\/code>/);

    const again = await deno(folder, "tiny.ts", "report", "--set", "seed=1", "--to", "again.html");
    assert.equal(again.code, 0, again.err);
    assert.equal(await Deno.readTextFile(join(folder, "again.html")), first);

    await Deno.rename(join(folder, made), join(folder, "moved"));
    const moved = await deno(folder, CLI, "report", "moved", "--json");
    assert.equal(moved.code, 0, moved.err);
    assert.deepEqual(JSON.parse(moved.out), {
      folder: "moved",
      file: join("moved", "report.html"),
    });
    assert.equal(await Deno.readTextFile(join(folder, "moved", "report.html")), first);
  }));

Deno.test("report names a run that is not finished, not there, or of another version", () =>
  inFolder(pipelineFile(), async (folder) => {
    await Deno.mkdir(join(folder, "begun"));
    await Deno.mkdir(join(folder, "newer"));
    await Deno.writeTextFile(join(folder, "newer", "run.json"), '{ "version": 99 }');
    for (
      const [args, message] of [
        [[], /There is no finished run of 'tiny' with these settings in 'runs': 'run' makes one/],
        [["begun"], /'begun' is not the folder of a finished run: it has no run\.json/],
        [["newer"], /must have version 1, found 99: run the pipeline again with this release/],
        [["nowhere"], /Cannot read the run folder 'nowhere': no such file or folder/],
      ] as const
    ) {
      const found = await deno(folder, "tiny.ts", "report", ...args);
      assert.match(found.err, message);
      assert.equal(found.code, 2, found.err);
      noTrace(found);
    }
  }));
