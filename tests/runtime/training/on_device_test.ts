import assert from "node:assert/strict";
import { join } from "node:path";
import type { ScheduleSpec } from "../../../dsl/mod.ts";
import { openBackend } from "../../../runtime/backends/mod.ts";
import { openData } from "../../../runtime/data/mod.ts";
import { decodeSafetensors } from "../../../runtime/safetensors.ts";
import { checkpointIn } from "../../../runtime/training/checkpoint.ts";
import { train, type Trained, type TrainOptions } from "../../../runtime/training/train.ts";
import { NO_ADAPTER } from "../../adapter.ts";
import { array } from "../data/fixtures.ts";
import { optionsOf, stopLater, TRAINING } from "./small_training.ts";

/** How often a method is called while something is done. */
async function calls<T extends object>(
  of: T,
  method: keyof T,
  act: () => Promise<unknown>,
): Promise<number> {
  const own = of[method] as (...given: unknown[]) => unknown;
  let count = 0;
  of[method] = function (this: T, ...given: unknown[]) {
    count++;
    return own.apply(this, given);
  } as T[keyof T];
  try {
    await act();
  } finally {
    of[method] = own as T[keyof T];
  }
  return count;
}

Deno.test({
  name: "train() on webgpu leaves the state on the device",
  ignore: NO_ADAPTER,
  fn: async (t) => {
    const backend = await openBackend("webgpu");
    const options = (): Promise<TrainOptions> => optionsOf(backend, TRAINING);
    let whole: Trained;

    await t.step("calls of any length run what was compiled once", async () => {
      let atFirst = 0;
      const device = (backend as unknown as { gpu: { device: GPUDevice } }).gpu.device;
      let compiled = 0;
      const own = device.createComputePipelineAsync;
      device.createComputePipelineAsync = function (...given) {
        compiled++;
        return own.apply(this, given);
      };
      const onProgress: TrainOptions["onProgress"] = ({ done }) => {
        if (done === 32) atFirst = compiled;
      };
      whole = await train({ ...await options(), onProgress });
      device.createComputePipelineAsync = own;
      assert.ok(atFirst > 0);
      assert.equal(compiled, atFirst, "the last call, of 6 steps, compiles nothing");
    });

    await t.step(
      "the same bits twice, read back once a call and the state at the end",
      async () => {
        const maps = await calls(GPUBuffer.prototype, "mapAsync", async () => {
          const again = await train({ ...await options(), checkpointEvery: Infinity });
          assert.deepEqual(again.loss, whole.loss);
          assert.deepEqual(again.parameters, whole.parameters);
        });
        assert.equal(maps, Math.ceil(TRAINING.steps / 32) + 1);
      },
    );

    await t.step("the first step is that of cpu", async () => {
      const cpu = await openBackend("cpu", { threads: 1 });
      const { loss } = await train(await optionsOf(cpu, TRAINING));
      assert.ok(Math.abs(loss[0] - whole.loss[0]) < 1e-5);
      assert.ok(Math.abs(loss[69] - whole.loss[69]) < 1e-3);
      await cpu.close();
    });

    await t.step("on a table that lies on the device it trains as cpu does", async () => {
      const rows = Array.from({ length: 100 }, (_, i) => [Math.sin(i), Math.cos(i)]);
      const target = (await openData(array(rows))).serialize();
      const cpu = await openBackend("cpu", { threads: 1 });
      const [mine, theirs] = await Promise.all([backend, cpu].map(async (on) => {
        const options = await optionsOf(on, TRAINING);
        return await train({ ...options, recipe: { ...options.recipe, target } });
      }));
      assert.ok(Math.abs(mine.loss[0] - theirs.loss[0]) < 1e-5);
      assert.ok(mine.loss.every((loss, i) => Math.abs(loss - theirs.loss[i]) < 1e-3));
      await cpu.close();
    });

    await t.step("an interrupted training goes on to the same bits", async () => {
      const stop = new AbortController();
      const stopped = await options();
      // A call is under way when the first one reports, and is waited for.
      await assert.rejects(
        train({ ...stopped, signal: stop.signal, onProgress: stopLater(stop) }),
        { name: "Interrupted", message: /Stopped after step 64 of 70/ },
      );
      const steps: number[] = [];
      const resumed = await train({ ...stopped, onProgress: ({ done }) => steps.push(done) });
      assert.deepEqual(steps, [64, 70]);
      assert.deepEqual(resumed.loss, whole.loss);
      assert.deepEqual(resumed.parameters, whole.parameters);
    });

    await t.step("a checkpoint that is due is there when its call reports", async () => {
      const often = { ...await options(), checkpointEvery: 0 };
      const kept: number[] = [];
      const maps = await calls(GPUBuffer.prototype, "mapAsync", async () => {
        const { loss } = await train({
          ...often,
          onProgress: ({ done }) => {
            if (done === 0) return;
            const file = checkpointIn(often.folder);
            const { metadata, tensors } = decodeSafetensors(Deno.readFileSync(file), file);
            kept.push(Number(metadata.step));
            assert.equal(tensors.get("loss")!.data.length, done);
          },
        });
        assert.deepEqual(loss, whole.loss);
      });
      assert.deepEqual(kept, [32, 64, 70]);
      assert.equal(maps, 2 * kept.length);
    });

    const sgd = (momentum: number, learningRate: ScheduleSpec): Promise<TrainOptions> =>
      optionsOf(backend, {
        ...TRAINING,
        clipNorm: null,
        optimizer: { kind: "sgd", momentum, learningRate },
      });

    await t.step("a loss that is not finite keeps the last good state", async () => {
      const diverging = await sgd(0.9, { kind: "constant", value: 1e6 });
      await assert.rejects(train(diverging), {
        name: "CheckFailed",
        message: /The loss is \S+ at step \d+ of 70.*The state after step 0 is kept/,
      });
      const file = join(diverging.folder, "checkpoint.safetensors");
      const { tensors } = decodeSafetensors(await Deno.readFile(file), file);
      for (const { data } of tensors.values()) assert.ok(data.every(Number.isFinite));
    });

    await t.step(
      "so it does in a later call whose checkpoint is due, beside the next",
      async () => {
        const diverging = await sgd(0, { kind: "linearWarmup", peak: 3, warmup: 70 });
        const reported: number[] = [];
        await assert.rejects(
          train({
            ...diverging,
            checkpointEvery: 0,
            onProgress: ({ done }) => reported.push(done),
          }),
          {
            name: "CheckFailed",
            message:
              /The loss is \S+ at step (3[3-9]|[45]\d|6[0-4]) of 70.*The state after step 32 is kept/,
          },
        );
        assert.deepEqual(reported, [0, 32]);
        const file = checkpointIn(diverging.folder);
        const { metadata, tensors } = decodeSafetensors(await Deno.readFile(file), file);
        assert.equal(metadata.step, "32");
        for (const { data } of tensors.values()) assert.ok(data.every(Number.isFinite));
      },
    );
    await backend.close();
  },
});
