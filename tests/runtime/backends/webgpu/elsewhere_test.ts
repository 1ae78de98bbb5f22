import assert from "node:assert/strict";
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
import type { PipelineSpec } from "../../../../dsl/mod.ts";
import type { Elsewhere } from "../../../../runtime/backends/mod.ts";
import { readNotes, type RunNotes } from "../../../../runtime/record.ts";
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

interface Ran {
  readonly notes: RunNotes;
  readonly elsewhere: readonly Elsewhere[];
  readonly warnings: readonly string[];
}

/** Runs a pipeline on a GPU that binds two buffers to a kernel, or as many as it does. */
async function ranOn(
  spec: PipelineSpec,
  { folder, few }: { readonly folder: string; readonly few: boolean },
): Promise<Ran> {
  const { gpu } = navigator;
  const { requestAdapter } = gpu;
  // The backend's own adapter binds two buffers; the next one, for tfjs, is as it is.
  if (few) {
    gpu.requestAdapter = () => {
      gpu.requestAdapter = requestAdapter;
      return adapterWith({ maxStorageBuffersPerShaderStage: 2 });
    };
  }
  const warnings: string[] = [];
  const onWarning = (text: string): void => void warnings.push(text);
  const ran = await run(spec, { backend: "webgpu", folder, onWarning }).finally(() => {
    gpu.requestAdapter = requestAdapter;
  });
  await ran.model.close();
  const notes = await readNotes(ran.folder);
  return { notes, elsewhere: notes.backend.elsewhere!, warnings };
}

Deno.test({
  name: "a run with programs that no kernels are made for says so, and in run.json",
  ignore: NO_ADAPTER,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const { notes, elsewhere, warnings } = await ranOn(spec, { folder, few: true });
    assert.ok(elsewhere.length > 0);
    assert.deepEqual(
      warnings,
      elsewhere.map(({ program, backend, why }) =>
        `the program ${program} runs on the backend ${backend}, as webgpu has no kernels for ${why}`
      ),
    );
    assert.match(notes.backend.identity, /^webgpu pushforward .*, else tfjs /);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "run.json names what ran elsewhere when a result was made that is taken from the store",
  ignore: NO_ADAPTER,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const first = await ranOn(spec, { folder, few: true });
    const again = await ranOn(spec, { folder, few: true });
    assert.ok(again.notes.timings.every(({ stored }) => stored));
    assert.deepEqual([again.elsewhere, again.warnings], [first.elsewhere, []]);
    // Another solver shares the training alone.
    const variant: PipelineSpec = { ...spec, solver: solver.euler({ steps: 3 }) };
    const { notes, elsewhere, warnings } = await ranOn(variant, { folder, few: true });
    const taken = notes.timings.filter(({ stored }) => stored).map(({ node }) => node);
    assert.deepEqual(taken, ["training"]);
    const isTraining = ({ program }: Elsewhere): boolean => program === "training";
    assert.deepEqual(elsewhere.filter(isTraining), first.elsewhere.filter(isTraining));
    assert.equal(elsewhere.filter(isTraining).length, 1);
    assert.ok(warnings.every((text) => !text.includes("program training ")));
    // A GPU with other limits shares nothing, as all runs by kernels there.
    const other = await ranOn(spec, { folder, few: false });
    assert.ok(other.notes.timings.every(({ stored }) => !stored));
    assert.deepEqual(other.elsewhere, []);
    await Deno.remove(folder, { recursive: true });
  },
});
