import assert from "node:assert/strict";
import { join } from "node:path";
import {
  data,
  type Export,
  type ExportOptions,
  load,
  type Manifest,
  type Model,
  parse,
  pipeline,
  type PipelineSpec,
  run,
  solver,
  source,
  type Tensor,
  times,
  training,
  velocity,
} from "../../../mod.ts";
import { decodeModel } from "../../../runtime/onnx/mod.ts";

/** Images of 2 x 2 pixels in units of their own. */
const IMAGES: Tensor = {
  data: Float32Array.from({ length: 400 }, (_, i) => 50 + (10 + i % 4) * Math.sin(i * i)),
  shape: [100, 2, 2],
};
/** Pipelines that are ready at once or after a few steps of training. */
const PIPELINES: Readonly<Record<string, PipelineSpec>> = {
  "standardised images": pipeline({
    name: "images",
    source: source.gaussian({ dim: 4, mean: 1, scale: 2 }),
    target: data.array(IMAGES, { dim: 4, standardize: true }),
    velocity: velocity.custom((t, x) => times(times(-0.5, x), t), { dim: 4 }),
    solver: solver.bogackiShampine({ rtol: 1e-3, atol: 1e-3 }),
  }),
  "a network with equal steps": pipeline({
    name: "network",
    target: data.twoMoons(),
    velocity: velocity.mlp({ hidden: [64, 64] }),
    training: training({ steps: 20, batchSize: 64 }),
    solver: solver.heun({ steps: 12 }),
  }),
  "a closed form with steps for the whole batch": pipeline({
    name: "closed-form",
    target: data.gaussianMixture({
      weights: [0.5, 0.5],
      means: [[2, 0], [-2, 1]],
      covariances: [[[0.2, 0], [0, 0.2]], [[0.3, 0.1], [0.1, 0.2]]],
    }),
    velocity: velocity.gaussianMixture(),
    solver: solver.dopri5({ rtol: 1e-2, atol: 1e-2, control: "batch" }),
  }),
  "data to data": pipeline({
    name: "data-to-data",
    source: data.array(IMAGES, { dim: 4, standardize: true }),
    target: data.array(IMAGES, { dim: 4, standardize: true, licence: "CC0-1.0" }),
    velocity: velocity.custom((_t, x) => times(-0.1, x), { dim: 4 }),
    solver: solver.euler({ steps: 3 }),
  }),
};

async function withModel(
  spec: PipelineSpec,
  test: (model: Model, folder: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const { model, folder } = await run(spec, { folder: root });
  try {
    await test(model, folder);
  } finally {
    await model.close();
    await Deno.remove(root, { recursive: true });
  }
}

/** A run's files as ONNX models. */
function modelAt(folder: string, file: string): ReturnType<typeof decodeModel> {
  return decodeModel(Deno.readFileSync(join(folder, file)));
}

for (const [name, spec] of Object.entries(PIPELINES)) {
  Deno.test(`every file of ${name} gives in onnxruntime-web what the model gives`, () =>
    withModel(spec, async (model, folder) => {
      const out = join(folder, "out");
      // A network's likelihood is checked with an estimated divergence, the others' with the exact one.
      const divergence = spec.training === null ? "exact" : "hutchinson";
      const { checks, files, manifest } = await model.export(out, { divergence, check: true });
      const names = files.map(({ file }) => file);
      assert.deepEqual(checks.map(({ file }) => file), names);
      assert.deepEqual(manifest.files.map(({ file }) => file), names);
      for (const check of checks) assert.ok(check.passed, JSON.stringify(check));
      assert.equal(names.includes("likelihood.onnx"), name !== "data to data");
      assert.deepEqual(
        [...Deno.readDirSync(out)].map((entry) => entry.name).filter((f) => f.endsWith(".tmp")),
        [],
      );
    }));
}

Deno.test("a run leaves its ONNX files in model/, with standard operators, documents and facts", () =>
  withModel(PIPELINES["a network with equal steps"], async (model, folder) => {
    const manifest: Manifest = JSON.parse(
      await Deno.readTextFile(join(folder, "model", "manifest.json")),
    );
    assert.equal(manifest.seed, 0);
    assert.deepEqual(manifest.source, {
      kind: "gaussian",
      dim: 2,
      mean: 0,
      scale: 1,
      shape: [2],
    });
    assert.match(await Deno.readTextFile(join(folder, "model", "model_card.md")), /^# network\n/);
    for (const { file, text, inputs, outputs } of manifest.files) {
      const { graph, metadataProps, opsetImport, irVersion, docString } = modelAt(
        join(folder, "model"),
        file,
      );
      assert.deepEqual(opsetImport!.map((o) => [o.domain, Number(o.version)]), [["", 18]]);
      assert.equal(Number(irVersion), 8);
      assert.equal(docString, text);
      const facts = Object.fromEntries(metadataProps!.map(({ key, value }) => [key, value]));
      assert.equal(facts.hash, manifest.hash);
      assert.equal(facts.licence, "none needed: the data are drawn from a formula");
      assert.deepEqual(JSON.parse(facts.metrics!), manifest.metrics);
      for (const [values, lines] of [[graph!.input!, inputs], [graph!.output!, outputs]] as const) {
        assert.deepEqual(values.map((v) => v.name), lines.map((line) => line.name));
        values.forEach((value, i) => {
          assert.equal(value.docString, lines[i].text);
          assert.ok(lines[i].text.length > 10);
          const dims = value.type!.tensorType!.shape!.dim!;
          assert.deepEqual(
            dims.map(({ dimParam, dimValue }) => dimParam || Number(dimValue)),
            lines[i].shape,
          );
        });
      }
    }
    const steps = manifest.files.filter(({ inputs }) =>
      inputs.some(({ name }) => name === "steps")
    );
    assert.deepEqual(steps.map(({ file }) => file), [
      "sampler.onnx",
      "trajectory.onnx",
      "encoder.onnx",
      "likelihood.onnx",
    ]);
    assert.ok(model.spec.solver.step.kind === "fixed");
    const { initializer } = modelAt(join(folder, "model"), "sampler.onnx").graph!;
    const given = initializer!.find((tensor) => tensor.name === "steps")!;
    assert.equal(new DataView(given.rawData!.slice().buffer).getInt32(0, true), 12);
  }));

Deno.test("float16 halves the files, and what that costs is measured on the same draws", () =>
  withModel(
    parse({
      ...PIPELINES["a network with equal steps"],
      velocity: velocity.mlp({ hidden: [128, 128] }),
      solver: solver.euler({ steps: 4 }),
    }),
    async (model, folder) => {
      const full = await model.export(join(folder, "full"));
      const half: Export = await model.export(join(folder, "half"), {
        precision: "float16",
        check: true,
      });
      assert.deepEqual(full.losses, []);
      half.files.forEach(({ bytes }, i) => {
        const part = bytes / full.files[i].bytes;
        assert.ok(part > 0.5 && part < 0.6, `${bytes} of ${full.files[i].bytes}`);
      });
      for (const check of half.checks) assert.ok(check.passed, JSON.stringify(check));
      assert.deepEqual(half.losses.map(({ float32 }) => float32.name), [
        "wasserstein2",
        "negativeLogLikelihood",
      ]);
      for (const { float32, float16 } of half.losses) {
        assert.notEqual(float16.value, float32.value);
        // float16 has 11 bits: weights move by at most 0.05 %.
        assert.ok(Math.abs(float16.value - float32.value) < 0.01 * Math.abs(float32.value));
      }
    },
  ));

Deno.test("a likelihood that there cannot be is left out with its reason, and an old one is removed", () =>
  withModel(PIPELINES["a network with equal steps"], async (model, folder) => {
    const out = join(folder, "out");
    await model.export(out);
    await Deno.writeTextFile(join(out, "mine.txt"), "kept");
    await withModel(PIPELINES["data to data"], async (other) => {
      const { manifest } = await other.export(out);
      assert.deepEqual(manifest.leftOut, [{
        file: "likelihood.onnx",
        reason: "a likelihood needs a source whose density is known, and 'array' is not one",
      }]);
      assert.equal(manifest.licence, "CC0-1.0");
    });
    const names = [...Deno.readDirSync(out)].map((entry) => entry.name).sort();
    assert.deepEqual(names, [
      "encoder.onnx",
      "manifest.json",
      "mine.txt",
      "model_card.md",
      "sampler.onnx",
      "trajectory.onnx",
      "velocity.onnx",
    ]);
  }));

Deno.test("a loaded model exports the same files as its run", () =>
  withModel(PIPELINES["standardised images"], async (_model, folder) => {
    await using again = await load(folder);
    const { files } = await again.export(join(folder, "again"));
    for (const { file } of files) {
      assert.deepEqual(
        await Deno.readFile(join(folder, "again", file)),
        await Deno.readFile(join(folder, "model", file)),
      );
    }
  }));

Deno.test("velocity.onnx is a velocity of pipelines again, with the same samples", () =>
  withModel(PIPELINES["a network with equal steps"], async (model, folder) => {
    const again = pipeline({
      name: "again",
      target: data.twoMoons(),
      velocity: await velocity.onnx(join(folder, "model", "velocity.onnx")),
      solver: solver.heun({ steps: 12 }),
    });
    const { data: samples } = await model.sample(50, { seed: 1 });
    await withModel(again, async (other) => {
      const found = await other.sample(50, { seed: 1 });
      found.data.forEach((value, i) => assert.ok(Math.abs(value - samples[i]) < 1e-5));
    });
    // Weights stored as float16 are read as well; they are good to 11 bits.
    const half = join(folder, "half");
    await model.export(half, { precision: "float16" });
    const rounded = parse({ ...again, velocity: await velocity.onnx(join(half, "velocity.onnx")) });
    await withModel(rounded, async (other) => {
      const found = await other.sample(50, { seed: 1 });
      found.data.forEach((value, i) => assert.ok(Math.abs(value - samples[i]) < 1e-2));
    });
  }));

Deno.test("export() refuses what it cannot do, naming the field, and leaves nothing half-written", () =>
  withModel(PIPELINES["a network with equal steps"], async (model, folder) => {
    const refuses = (where: string, options: unknown, message: RegExp): Promise<void> =>
      assert.rejects(model.export(where, options as ExportOptions), {
        name: "InputError",
        message,
      });
    await refuses(
      join(folder, "x"),
      { precision: "float61" },
      /precision must be one of float32, float16, found 'float61': did you mean 'float16'\?/,
    );
    await refuses(
      join(folder, "x"),
      { divergence: "exakt" },
      /divergence must be one of exact, hutchinson, found 'exakt': did you mean 'exact'\?/,
    );
    await refuses("", {}, /folder must be the path of a folder, found ""/);
    await refuses(join(folder, "spec.json"), {}, /Cannot make the folder '.*spec.json'/);
    await refuses(join(folder, "spec.json", "x"), {}, /a part of the path is not a folder/);
    await assert.rejects(Deno.stat(join(folder, "x")));
  }));

Deno.test("float16 refuses a weight beyond its range by name", async () => {
  const { roundToFloat16 } = await import("../../../runtime/export/precision.ts");
  const weights = new Map([["hidden.0.weight", { data: Float32Array.of(1, 7e4), shape: [2] }]]);
  assert.throws(() => roundToFloat16(weights), {
    name: "InputError",
    message:
      /precision float16 holds numbers up to 65504, and hidden.0.weight has 70000: use float32/,
  });
});
