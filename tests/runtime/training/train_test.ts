import assert from "node:assert/strict";
import { join } from "node:path";
import type { CouplingSpec } from "../../../dsl/mod.ts";
import { type Backend, openBackend } from "../../../runtime/backends/mod.ts";
import { decodeSafetensors } from "../../../runtime/safetensors.ts";
import { openBatchPool } from "../../../runtime/training/batch_pool.ts";
import { openBatches } from "../../../runtime/training/batches.ts";
import { checkpointIn } from "../../../runtime/training/checkpoint.ts";
import { train } from "../../../runtime/training/train.ts";
import { optionsOf, recipeOf, stopLater, TRAINING } from "./small_training.ts";

const COUPLINGS: readonly CouplingSpec[] = [
  { kind: "independent" },
  { kind: "optimalTransport", batchSize: null },
  { kind: "optimalTransport", batchSize: 96 },
  { kind: "sinkhorn", epsilon: 0.5, batchSize: null, maxIterations: 1000, tolerance: 1e-6 },
];

for (const coupling of COUPLINGS) {
  const name = `${coupling.kind}${"batchSize" in coupling ? ` over ${coupling.batchSize}` : ""}`;
  Deno.test(`batches with ${name} do not depend on how they are asked for`, async () => {
    const recipe = await recipeOf(coupling);
    const all = openBatches(recipe)(0, 10);
    const parts = openBatches(recipe);
    for (const [first, count] of [[7, 3], [0, 4], [4, 3]]) {
      const some = parts(first, count);
      for (const [port, width] of [["x0", 64], ["x1", 64], ["t", 32]] as const) {
        assert.deepEqual(
          some[port].data,
          all[port].data.subarray(first * width, (first + count) * width),
          port,
        );
      }
    }
  });

  Deno.test(`workers draw batches with ${name} with the same bits as none`, async () => {
    const recipe = await recipeOf(coupling);
    const expected = openBatches(recipe)(0, 20);
    const pool = openBatchPool(recipe, { workers: 2, chunk: 8, steps: 20, from: 0 });
    try {
      for (const [first, count] of [[0, 8], [8, 8], [16, 4]]) {
        const { x1 } = await pool.take(first, count);
        assert.deepEqual(x1.data, expected.x1.data.subarray(first * 64, (first + count) * 64));
      }
    } finally {
      pool.close();
    }
  });
}

async function onCpu(test: (backend: Backend) => Promise<void>): Promise<void> {
  const backend = await openBackend("cpu", { threads: 1 });
  try {
    await test(backend);
  } finally {
    await backend.close();
  }
}

Deno.test("train() lowers the loss, and takes the averaged parameters", () =>
  onCpu(async (backend) => {
    const options = await optionsOf(backend, { ...TRAINING, steps: 400 });
    const { loss, parameters } = await train(options);
    const mean = (part: Float32Array): number => part.reduce((a, b) => a + b, 0) / part.length;
    // Minimum over linear fields is near 1; the first steps are near E|x_1 - x_0|^2 / 2 = 1.4.
    assert.ok(mean(loss.subarray(300)) < 0.85 * mean(loss.subarray(0, 20)));
    const plain = await train({
      ...await optionsOf(backend, { ...TRAINING, steps: 400, ema: null }),
    });
    assert.deepEqual(plain.loss, loss);
    const [name] = parameters.keys();
    assert.notDeepEqual(plain.parameters.get(name), parameters.get(name));
  }));

Deno.test("an interrupted train() goes on to the bits of an uninterrupted one", () =>
  onCpu(async (backend) => {
    const whole = await train(await optionsOf(backend, TRAINING));
    const options = await optionsOf(backend, TRAINING);
    const stop = new AbortController();
    await assert.rejects(
      train({ ...options, signal: stop.signal, onProgress: stopLater(stop) }),
      { name: "Interrupted", message: /Stopped after step 32 of 70; the same command goes on/ },
    );
    const steps: number[] = [];
    const resumed = await train({ ...options, onProgress: ({ done }) => steps.push(done) });
    assert.deepEqual(steps, [32, 64, 70]);
    assert.deepEqual(resumed.loss, whole.loss);
    assert.deepEqual(resumed.parameters, whole.parameters);
    assert.equal(whole.before, 0);
    assert.ok(resumed.before > 0);
  }));

Deno.test("train() stops at a loss that is not finite, names the step and keeps the last good state", () =>
  onCpu(async (backend) => {
    const sgd = {
      kind: "sgd",
      learningRate: { kind: "constant", value: 1e6 },
      momentum: 0.9,
    } as const;
    const options = await optionsOf(backend, { ...TRAINING, clipNorm: null, optimizer: sgd });
    const { message } = await train(options).then(
      () => assert.fail("it diverges"),
      (error: Error) => {
        assert.equal(error.name, "CheckFailed");
        return error;
      },
    );
    const [, bad, good] = /The loss is \S+ at step (\d+) of 70.*The state after step (\d+) is kept/
      .exec(message)!;
    assert.ok(Number(good) < Number(bad));
    const file = join(options.folder, "checkpoint.safetensors");
    const { tensors, metadata } = decodeSafetensors(await Deno.readFile(file), file);
    assert.equal(metadata.step, good);
    for (const { data } of tensors.values()) assert.ok(data.every(Number.isFinite));
  }));

Deno.test("train() starts anew beside a checkpoint that it cannot use, and keeps that", () =>
  onCpu(async (backend) => {
    const options = await optionsOf(backend, TRAINING);
    const stop = new AbortController();
    const stopping = { ...options, signal: stop.signal, onProgress: stopLater(stop) };
    await assert.rejects(train(stopping), { name: "Interrupted" });
    const file = checkpointIn(options.folder);
    const bytes = await Deno.readFile(file);
    const warnings: string[] = [];
    const steps: number[] = [];
    const { loss } = await train({
      ...options,
      hash: "other",
      onWarning: (text) => void warnings.push(text),
      onProgress: ({ done }) => steps.push(done),
    });
    assert.deepEqual(steps, [0, 32, 64, 70]);
    assert.deepEqual(loss, (await train(await optionsOf(backend, TRAINING))).loss);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /belongs to the training h, .* and training starts anew/);
    assert.deepEqual(await Deno.readFile(`${file}.foreign-1`), bytes);
  }));

Deno.test("train() goes on where a checkpoint cannot be written, and says so", () =>
  onCpu(async (backend) => {
    const options = { ...await optionsOf(backend, TRAINING), checkpointEvery: 0 };
    const folder = join(options.folder, "checkpoints");
    const warnings: string[] = [];
    const { loss } = await train({
      ...options,
      folder,
      onWarning: (text) => void warnings.push(text),
      onProgress: ({ done }) => done === 0 && Deno.writeTextFileSync(folder, "in the way"),
    });
    assert.deepEqual(loss, (await train(await optionsOf(backend, TRAINING))).loss);
    assert.equal(warnings.length, 3);
    assert.match(
      warnings[0],
      /in the way. Training goes on; the checkpoint/,
    );
  }));

Deno.test("train() is not busy with checkpoints alone where one takes longer than their interval", () =>
  onCpu(async (backend) => {
    // A clock by which a call takes 10 ms and a checkpoint a second.
    const { now } = performance;
    const { rename } = Deno;
    let clock = 0;
    let checkpoints = 0;
    performance.now = () => clock;
    Deno.rename = (from, to) => {
      clock += 1_000;
      checkpoints++;
      return rename(from, to);
    };
    try {
      await train({
        ...await optionsOf(backend, { ...TRAINING, steps: 960 }),
        checkpointEvery: 0.1,
        onProgress: () => void (clock += 10),
      });
    } finally {
      performance.now = now;
      Deno.rename = rename;
    }
    assert.ok(checkpoints >= 2 && checkpoints <= 4, `${checkpoints} checkpoints in 30 calls`);
  }));

Deno.test("a coupling that does not converge is the user's to mend, also from a worker", () =>
  onCpu(async (backend) => {
    const coupling = { kind: "sinkhorn", epsilon: 1e-3, batchSize: null } as const;
    const strict = { ...coupling, maxIterations: 1, tolerance: 1e-12 };
    await assert.rejects(train(await optionsOf(backend, TRAINING, strict)), {
      name: "InputError",
      field: "coupling",
    });
  }));
