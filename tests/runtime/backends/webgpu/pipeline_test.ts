import assert from "node:assert/strict";
import {
  data,
  metric,
  optimizer,
  pipeline,
  type Run,
  run,
  solver,
  source,
  training,
  velocity,
} from "../../../../mod.ts";
import { NO_ADAPTER } from "../../../adapter.ts";

const spec = pipeline({
  name: "webgpu-and-cpu",
  source: source.gaussian({ dim: 2 }),
  target: data.twoMoons({ noise: 0.05 }),
  velocity: velocity.mlp({ hidden: [16, 16] }),
  training: training({
    steps: 64,
    batchSize: 64,
    optimizer: optimizer.adam({ learningRate: 5e-3 }),
    ema: 0.99,
  }),
  solver: solver.euler({ steps: 10 }),
  metrics: [
    metric.energyDistance({ samples: 300 }),
    metric.negativeLogLikelihood({ samples: 300 }),
  ],
});

Deno.test({
  name: "a pipeline on webgpu begins and ends as on cpu",
  ignore: NO_ADAPTER,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const runs: Run[] = [];
    for (const backend of ["cpu", "webgpu"] as const) {
      runs.push(await run(spec, { backend, folder: `${folder}/${backend}` }));
    }
    const [cpu, gpu] = runs;
    assert.ok(Math.abs(cpu.loss![0] - gpu.loss![0]) < 1e-5);
    for (const [i, { name, value, standardError }] of cpu.metrics.entries()) {
      const apart = Math.abs(gpu.metrics[i].value - value);
      assert.ok(apart <= standardError!, `${name}: ${value} and ${gpu.metrics[i].value}`);
    }
    for (const { model } of runs) await model.close();
    await Deno.remove(folder, { recursive: true });
  },
});
