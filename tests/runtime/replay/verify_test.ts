import assert from "node:assert/strict";
import { join } from "node:path";
import {
  data,
  type Lock,
  lockOf,
  metric,
  pipeline,
  type PipelineSpec,
  run,
  type RunOptions,
  solver,
  training,
  velocity,
  verify,
  type VerifyOptions,
} from "../../../mod.ts";
import { runFolder } from "../../../runtime/run.ts";
import { inFolder } from "../../in_folder.ts";

const MOONS: PipelineSpec = pipeline({
  name: "moons",
  target: data.twoMoons({ noise: 0.05 }),
  velocity: velocity.mlp({ hidden: [16, 16] }),
  training: training({ steps: 40, batchSize: 32 }),
  solver: solver.euler({ steps: 8 }),
  metrics: [metric.slicedWasserstein({ samples: 100 })],
});

/** Runs, and locks what comes out. */
async function locked(spec: PipelineSpec, options: RunOptions): Promise<Lock> {
  const { model, outcome } = await run(spec, options);
  await model.close();
  return lockOf(outcome);
}

Deno.test("verify() trains again, whatever is stored, and leaves nothing behind", () =>
  inFolder(async (folder) => {
    const lock = await locked(MOONS, { folder });
    const before = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const trained: number[] = [];
    const onProgress: VerifyOptions["onProgress"] = ({ node, done }) =>
      node === "training" && trained.push(done);
    const { passed, exact, rows } = await verify(MOONS, lock, { folder, onProgress });
    assert.deepEqual(trained, [0, 32, 40]);
    assert.deepEqual([passed, exact], [true, true]);
    assert.ok(rows.every(({ verdict }) => verdict === "same"));
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), before);
  }));

Deno.test("verify() fails where weights, samples and metrics are others", () =>
  inFolder(async (folder) => {
    const lock = await locked({ ...MOONS, seed: 1 }, { folder });
    const { passed, rows, reasons } = await verify(MOONS, lock, { folder });
    assert.equal(passed, false);
    assert.deepEqual(
      rows.filter(({ verdict }) => verdict === "moved").map(({ what }) => what),
      ["spec", "settings.seed", "weights", "samples", "metrics.slicedWasserstein"],
    );
    assert.deepEqual(reasons, ["the pipeline's settings changed"]);
  }));

Deno.test("verify() takes the lock's backend, and tolerates another", () =>
  inFolder(async (folder) => {
    const lock = await locked(MOONS, { folder, backend: "wasm" });
    const same = await verify(MOONS, lock, { folder });
    assert.deepEqual([same.backend.name, same.passed, same.exact], ["wasm", true, true]);
    const other = await verify(MOONS, lock, { folder, backend: "cpu" });
    assert.deepEqual([other.backend.name, other.passed, other.exact], ["cpu", true, false]);
    assert.match(other.reasons[0], /backend: wasm when locked, cpu here/);
    const [row] = other.rows.filter(({ what }) => what.startsWith("metrics."));
    assert.ok(Math.abs(row.change!) <= row.tolerance!);
  }));

Deno.test("verify({ quick }) evaluates the stored weights without training", () =>
  inFolder(async (folder) => {
    const lock = await locked(MOONS, { folder });
    const onProgress: VerifyOptions["onProgress"] = ({ node }) => assert.notEqual(node, "training");
    const options = { folder, onProgress, quick: true };
    assert.equal((await verify(MOONS, lock, options)).passed, true);
    const other = await locked({ ...MOONS, seed: 1 }, { folder });
    assert.notEqual(other.digests.weights, lock.digests.weights);
    const file = (spec: PipelineSpec): string =>
      join(runFolder({ spec, hash: other.hash }, { folder }), "weights.safetensors");
    const foreign = await Deno.readFile(file(MOONS));
    const own = join(
      runFolder({ spec: MOONS, hash: lock.hash }, { folder }),
      "weights.safetensors",
    );
    await Deno.writeFile(own, foreign);
    const { passed, rows, reasons } = await verify(MOONS, lock, options);
    assert.equal(passed, false);
    assert.deepEqual(
      rows.filter(({ verdict }) => verdict === "moved").map(({ what }) => what),
      ["weights", "samples", "metrics.slicedWasserstein"],
    );
    assert.deepEqual(reasons, ["the stored weights are not those of the lock"]);
    await Deno.writeFile(own, foreign.slice(0, 50));
    await assert.rejects(verify(MOONS, lock, options), {
      name: "InputError",
      message: /safetensors/,
    });
    await Deno.remove(own);
    await assert.rejects(verify(MOONS, lock, options), {
      name: "InputError",
      message: /There are no stored weights of 'moons' to evaluate: .*Run the pipeline first/,
    });
  }));

Deno.test("verify() replays a closed form, which has no weights", () =>
  inFolder(async (folder) => {
    const spec = pipeline({
      target: data.gaussianMixture({ means: [[-1, 0], [1, 0]] }),
      velocity: velocity.gaussianMixture(),
      solver: solver.euler({ steps: 8 }),
      metrics: [metric.slicedWasserstein({ samples: 100 })],
    });
    const lock = await locked(spec, { folder });
    assert.equal(lock.digests.weights, null);
    for (const quick of [false, true]) {
      assert.equal((await verify(spec, lock, { folder, quick })).passed, true);
    }
  }));

Deno.test("verify() refuses the lock of another pipeline", () =>
  inFolder(async (folder) => {
    const lock = await locked(MOONS, { folder });
    await assert.rejects(verify({ ...MOONS, name: "suns" }, lock, { folder }), {
      name: "InputError",
      message: /The lock is that of the pipeline 'moons', and this one is 'suns'/,
    });
  }));
