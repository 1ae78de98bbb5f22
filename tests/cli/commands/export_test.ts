import assert from "node:assert/strict";
import { join } from "node:path";
import type { Check, PrecisionLoss } from "../../../mod.ts";
import { deno, inFolder, noTrace, pipelineFile } from "../command_line.ts";

Deno.test("export --to writes the files, checks them and says what rounding cost, in one document", () =>
  inFolder(pipelineFile({ solver: "solver.euler({ steps: 5 })" }), async (folder) => {
    const args = ["tiny.ts", "export", "--to", "out", "--precision", "float16", "--check"];
    const { code, out, err } = await deno(folder, ...args, "--json");
    assert.equal(code, 0, err);
    const document: { files: string[]; losses: PrecisionLoss[]; checks: Check[] } = JSON.parse(out);
    assert.deepEqual(document.files, [
      "out/sampler.onnx",
      "out/trajectory.onnx",
      "out/encoder.onnx",
      "out/likelihood.onnx",
      "out/velocity.onnx",
      "out/manifest.json",
      "out/model_card.md",
    ]);
    for (const file of document.files) assert.ok((await Deno.stat(join(folder, file))).size > 500);
    assert.equal(document.losses.length, 2);
    assert.equal(document.checks.length, 5);
    assert.match(err, /wasserstein2 .* x\n/);
    assert.match(err, /sampler\.onnx +samples .* ok/);
  }));

Deno.test("export --check ends with 1 and names the output where a file differs from the model", () =>
  // Neighbouring numbers of float32 part by a factor of 10,000 a step: no two builds agree on where they end.
  inFolder(
    pipelineFile({
      velocity: "velocity.custom((_t, x) => times(200, sin(times(1000, x))))",
      training: "null",
      solver: "solver.euler({ steps: 20 })",
    }).replace("import { coupling", "import { sin, times, coupling").replace(
      "training: null, ",
      "",
    ),
    async (folder) => {
      const result = await deno(folder, "tiny.ts", "export", "--check");
      assert.equal(result.code, 1, result.err);
      assert.match(
        result.err,
        /exported files differ from the model by more than they may: samples of sampler\.onnx/,
      );
      assert.match(result.out, /sampler\.onnx +samples .* differs/);
      noTrace(result);
    },
  ));

Deno.test("export refuses a folder that it cannot write in before it trains, and an unknown precision", () =>
  inFolder(pipelineFile(), async (folder) => {
    const blocked = await deno(folder, "tiny.ts", "export", "--to", "tiny.ts");
    assert.equal(blocked.code, 2);
    assert.match(
      blocked.err,
      /Cannot make the folder 'tiny\.ts': a file of that name is in the way/,
    );
    noTrace(blocked);
    await assert.rejects(Deno.stat(join(folder, "runs")));
    const unknown = await deno(folder, "tiny.ts", "export", "--precision", "float61");
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /'float61' is invalid\. Allowed choices are float32, float16/);
  }));
