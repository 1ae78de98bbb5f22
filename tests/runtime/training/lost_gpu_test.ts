import assert from "node:assert/strict";
import { openWebGpu, type WebGpuBackend } from "../../../runtime/backends/webgpu/backend.ts";
import { train } from "../../../runtime/training/train.ts";
import { NO_ADAPTER } from "../../adapter.ts";
import { optionsOf, TRAINING } from "./small_training.ts";

async function open(): Promise<WebGpuBackend> {
  const backend = await openWebGpu("a test asked for it");
  assert.ok(typeof backend !== "string", String(backend));
  return backend;
}

Deno.test({
  name:
    "a training whose GPU is lost keeps its checkpoint, and goes on from there to the same bits",
  ignore: NO_ADAPTER,
  fn: async () => {
    const first = await open();
    const options = { ...await optionsOf(first, TRAINING), checkpointEvery: 0 };
    const lost = train({
      ...options,
      onProgress: ({ done }) => {
        if (done > 0) first.gpu.device.destroy();
      },
    });
    await assert.rejects(lost, {
      name: "GpuError",
      message:
        /as the GPU was lost: .*What was kept so far stays; run the same command again, or use --backend cpu$/,
    });
    await first.close();

    const second = await open();
    const reported: number[] = [];
    const onProgress = ({ done }: { readonly done: number }) => void reported.push(done);
    const resumed = await train({ ...options, backend: second, onProgress });
    assert.ok(reported[0] > 0 && reported[0] < TRAINING.steps, `it began at step ${reported[0]}`);
    const whole = await train({ ...await optionsOf(second, TRAINING) });
    assert.deepEqual(resumed.loss, whole.loss);
    assert.deepEqual([...resumed.parameters], [...whole.parameters]);
    await second.close();
  },
});
