import assert from "node:assert/strict";
import { input, loop, type Program, sum, times } from "../../../../graph/mod.ts";
import { openWebGpu } from "../../../../runtime/backends/webgpu/backend.ts";
import { LAYOUTS } from "../../../../runtime/backends/webgpu/compile/layouts.ts";
import type { Layout } from "../../../../runtime/backends/webgpu/compile/part.ts";
import { CoveredExecutable } from "../../../../runtime/backends/webgpu/covered.ts";
import { openGpu } from "../../../../runtime/backends/webgpu/device.ts";
import { GpuExecutable } from "../../../../runtime/backends/webgpu/executable.ts";
import { Pipelines } from "../../../../runtime/backends/webgpu/run/pipelines.ts";
import { GpuTiled } from "../../../../runtime/backends/webgpu/tiled.ts";
import { NO_ADAPTER } from "../../../adapter.ts";

const [x, scale] = [input("x", ["n", 2]), input("scale", [])];
const program: Program = {
  name: "rows",
  inputs: [x, scale],
  state: [],
  outputs: { y: times(x, scale), total: sum(x, { axes: 1 }) },
};

/**
 * Runs a program on these numbers of rows, and without rows, which it refuses: `y` is x times `factor`, `total` the sum of a
 * row of x times `summed`.
 */
async function assertTiled(
  layout: Layout,
  { program, factor, summed, counts }: {
    readonly program: Program;
    readonly factor: number;
    readonly summed: number;
    readonly counts: readonly number[];
  },
): Promise<void> {
  const backend = await openWebGpu("a test asked for it", { layout });
  assert.ok(typeof backend !== "string", String(backend));
  const tiled = await backend.loadTiled(program, { rows: "n", tile: 4 });
  const two = { data: Float32Array.of(2), shape: [] };
  for (const rows of counts) {
    const data = Float32Array.from({ length: 2 * rows }, (_, i) => i);
    const { y, total } = await tiled.run({ x: { data, shape: [rows, 2] }, scale: two });
    assert.deepEqual(y, { data: data.map((value) => factor * value), shape: [rows, 2] });
    const sums = Array.from({ length: rows }, (_, i) => 4 * i + 1);
    assert.deepEqual([...total.data], sums.map((value) => summed * value));
  }
  await assert.rejects(tiled.run({ scale: two }), {
    message: /rows in tiles as all of x must have as many rows: found none/,
  });
  await backend.close();
}

Deno.test({
  name: "rows are cut into tiles that double, and come back in their order",
  ignore: NO_ADAPTER,
  fn: () =>
    assertTiled(
      { ...LAYOUTS.software, doublings: 2 },
      { program, factor: 2, summed: 1, counts: [0, 3, 8, 45] },
    ),
});

Deno.test({
  name: "rows that go through one kernel are not cut, and come back in their order",
  ignore: NO_ADAPTER,
  fn: () => {
    const { state: [y] } = loop({ state: [x], count: 3, body: (_i, x) => [times(x, scale)] });
    return assertTiled({ ...LAYOUTS.software, whole: { lanes: 64, rows: 8 } }, {
      program: { ...program, outputs: { y, total: sum(y, { axes: 1 }) } },
      ...{ factor: 8, summed: 8, counts: [0, 1, 45] },
    });
  },
});

Deno.test({
  name: "closing in the middle of a run that is one kernel rejects it, and hands in no more of it",
  ignore: NO_ADAPTER,
  fn: async () => {
    const opened = await openGpu();
    assert.ok("gpu" in opened, JSON.stringify(opened));
    const { gpu } = opened;
    const { state: [y] } = loop({ state: [x], count: 400, body: (_i, x) => [times(x, scale)] });
    const long: Program = { ...program, name: "long", outputs: { y } };
    const kernels = new GpuExecutable(
      {
        gpu,
        pipelines: new Pipelines(gpu.device),
        settings: {
          layout: LAYOUTS.hardware,
          mostWords: gpu.limits.bindingBytes / 4,
          mostBindings: gpu.limits.storageBuffers,
          mostShared: gpu.limits.workgroupBytes,
          mostWorkgroups: gpu.limits.workgroups,
        },
        pace: { mostWork: 1 }, // a submission for each step of the loop
      },
      long,
      {},
    );
    const elsewhere = () => Promise.reject(new Error("It has kernels"));
    const executable = new CoveredExecutable({ name: "long", kernels, elsewhere });
    const tiled = new GpuTiled(long, { kernels, executable }, { rows: "n", tile: 4, doublings: 7 });
    const given = {
      x: { data: new Float32Array(40).fill(1), shape: [20, 2] },
      scale: { data: Float32Array.of(1), shape: [] },
    };
    assert.ok(kernels.takesAllRows(given));

    const { queue } = gpu.device;
    const { submit } = queue;
    let submissions = 0;
    const closed = Promise.withResolvers<void>();
    queue.submit = (commands) => {
      if (++submissions === 4) setTimeout(() => closed.resolve(tiled.close()), 0);
      return submit.call(queue, commands);
    };
    await assert.rejects(tiled.run(given), { message: "Cannot run long as it was closed" });
    await closed.promise;
    assert.ok(submissions < 100, `${submissions} submissions`);
    await assert.rejects(tiled.run(given), { message: "Cannot run long as it was closed" });
    gpu.device.destroy();
  },
});
