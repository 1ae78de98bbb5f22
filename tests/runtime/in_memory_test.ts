import assert from "node:assert/strict";
import { data, optimizer, pipeline, solver, training, velocity } from "../../dsl/mod.ts";
import { openBackend } from "../../runtime/backends/mod.ts";
import { openExecution } from "../../runtime/execution.ts";
import { trainInMemory } from "../../runtime/in_memory.ts";

const spec = pipeline({
  target: data.twoMoons(),
  velocity: velocity.mlp({ hidden: [16, 16] }),
  training: training({
    steps: 40,
    batchSize: 32,
    optimizer: optimizer.adam({ learningRate: 1e-2 }),
    ema: 0.9,
  }),
  solver: solver.euler({ steps: 4 }),
  metrics: [],
});

Deno.test("trainInMemory() trains to the numbers of a run on the same backend", async () => {
  const folder = await Deno.makeTempDir();
  const execution = await openExecution(spec, { folder, backend: "cpu" });
  const { loss } = await execution.weights();
  const noise = { data: Float32Array.of(0.3, -0.2, 1, 1), shape: [2, 2] };
  const expected = await (await execution.flow()).logDensity(noise);
  await execution.close();

  const backend = await openBackend("cpu");
  const steps: number[] = [];
  const model = await trainInMemory(spec, backend, { onProgress: ({ step }) => steps.push(step) });
  assert.deepEqual(steps, [32, 40]);
  assert.deepEqual(model.loss, loss);
  const found = await model.logLikelihood(noise);
  assert.deepEqual(found, expected.values);
  const { shape, data: points } = await model.sample(10, { seed: 3 });
  assert.deepEqual(shape, [10, 2]);
  assert.deepEqual((await model.sample(10, { seed: 3 })).data, points);
  await model.close();
  await backend.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("trainInMemory() refuses what needs files, and stops when it is told to", async () => {
  const backend = await openBackend("cpu", { threads: 1 });
  const filed = { ...spec, target: data.npy({ path: "points.npy", dim: 2 }) } as never;
  await assert.rejects(trainInMemory(filed, backend), {
    name: "InputError",
    message: /^target: only distributions can be drawn from in memory: found npy/,
  });
  await assert.rejects(trainInMemory(spec, backend, { signal: AbortSignal.abort() }), {
    name: "Interrupted",
    message: "Stopped after step 0 of 40",
  });
  await backend.close();
});
