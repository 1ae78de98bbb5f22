import assert from "node:assert/strict";
import { join } from "node:path";
import { deno, inFolder, outcome, pipelineFile } from "../cli/command_line.ts";

Deno.test("the workflow of docs/ci.md verifies a wasm lock, with the permissions that it names", () =>
  inFolder("", async (folder) => {
    const page = await Deno.readTextFile(new URL("../../docs/ci.md", import.meta.url));
    const [, workflow] = /```yaml\n([^]*?)```/.exec(page)!;
    const [, version, command] = /run: npx -y deno@(\S+) (run .* verify)\n/.exec(workflow)!;
    assert.equal(version, Deno.version.deno);
    const file = pipelineFile({
      training: "training({ steps: 20, batchSize: 32 })",
      solver: "solver.euler({ steps: 4 })",
      metrics: "[metric.meanError({ samples: 100 })]",
    });
    await Deno.writeTextFile(join(folder, "moons.ts"), file);
    const locked = await deno(folder, "moons.ts", "verify", "--backend", "wasm", "--update");
    assert.equal(locked.code, 0, locked.err);
    const found = await outcome(
      new Deno.Command(Deno.execPath(), {
        args: command.split(" "),
        cwd: folder,
        env: { NO_COLOR: "1" },
        stdout: "piped",
        stderr: "piped",
      }).spawn(),
    );
    assert.equal(found.code, 0, found.err);
    assert.match(found.out, /replayed on wasm, held against moons\.lock\.json; bits are promised/);
  }));
