import assert from "node:assert/strict";
import { join } from "node:path";
import {
  data,
  metric,
  optimizer,
  pipeline,
  run,
  solver,
  source,
  training,
  velocity,
} from "../../../../mod.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { adapterWith } from "./low_limits.ts";

const spec = pipeline({
  name: "partly-elsewhere",
  source: source.gaussian({ dim: 2 }),
  target: data.circles(),
  velocity: velocity.mlp({ hidden: [8] }),
  training: training({ steps: 3, batchSize: 16, optimizer: optimizer.adam() }),
  solver: solver.euler({ steps: 2 }),
  metrics: [metric.energyDistance({ samples: 50 })],
});

Deno.test({
  name: "a run with programs that no kernels are made for says so, and in run.json",
  ignore: NO_ADAPTER,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const { gpu } = navigator;
    const { requestAdapter } = gpu;
    // The backend's own adapter binds two buffers; the next one, for tfjs, is as it is.
    gpu.requestAdapter = () => {
      gpu.requestAdapter = requestAdapter;
      return adapterWith({ maxStorageBuffersPerShaderStage: 2 });
    };
    const warnings: string[] = [];
    const onWarning = (text: string): void => void warnings.push(text);
    const { model } = await run(spec, { backend: "webgpu", folder, onWarning }).finally(() => {
      gpu.requestAdapter = requestAdapter;
    });
    await model.close();
    const [file] = await Array.fromAsync(Deno.readDir(join(folder, spec.name)));
    const notes = JSON.parse(
      await Deno.readTextFile(join(folder, spec.name, file.name, "run.json")),
    );
    assert.ok(notes.backend.elsewhere.length > 0);
    assert.deepEqual(
      warnings,
      notes.backend.elsewhere.map(({ program, backend, why }: Record<string, string>) =>
        `the program ${program} runs on the backend ${backend}, as webgpu has no kernels for ${why}`
      ),
    );
    assert.match(notes.backend.identity, /^webgpu pushforward .*, else tfjs /);
    await Deno.remove(folder, { recursive: true });
  },
});
