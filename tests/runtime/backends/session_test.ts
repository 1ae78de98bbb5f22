import assert from "node:assert/strict";
import { input, plus, type Program, sum, times } from "../../../graph/mod.ts";
import { openBackend } from "../../../runtime/backends/mod.ts";
import { NO_ADAPTER } from "../../adapter.ts";

const x = input("x", ["n", 2]);
const total = input("total", [2]);
const program: Program = {
  name: "running total",
  inputs: [x],
  state: [{ input: total, next: plus(total, sum(x, { axes: 0 })) }],
  outputs: { doubled: times(x, 2) },
};
const tensor = (...data: number[]) => ({
  data: Float32Array.from(data),
  shape: [data.length / 2, 2],
});
const state = (...data: number[]) =>
  new Map([["total", { data: Float32Array.from(data), shape: [2] }]]);

const test = (backend: string, fact: string, fn: () => Promise<void>) =>
  Deno.test({ name: `${backend}: ${fact}`, ignore: backend === "webgpu" && NO_ADAPTER, fn });

for (const name of ["cpu", "webgpu"] as const) {
  test(name, "an executable moves its state on, and what was read of it stays", async () => {
    const backend = await openBackend(name, { threads: 1 });
    const running = await backend.load(program);
    await running.writeState(state(10, 20));
    const { doubled } = await running.run({ x: tensor(1, 2, 3, 4) });
    assert.deepEqual(doubled, { data: Float32Array.of(2, 4, 6, 8), shape: [2, 2] });
    const first = await running.readState();
    await running.run({ x: tensor(1, 1) });
    assert.deepEqual(first, state(14, 26));
    assert.deepEqual(await running.readState(), state(15, 27));
    await running.writeState(state(0, 0));
    await running.run({ x: tensor(5, 6) });
    assert.deepEqual(await running.readState(), state(5, 6));
    await backend.close();
  });

  test(name, "an executable says what is missing or does not fit", async () => {
    const backend = await openBackend(name, { threads: 1 });
    const running = await backend.load(program);
    await assert.rejects(running.run({ x: tensor(1, 2) }), {
      name: "RangeError",
      message: /before its state is written: total is missing/,
    });
    await assert.rejects(running.writeState(new Map([["totl", tensor(1, 2)]])), {
      message: /state totl of running total: it has total/,
    });
    await running.writeState(state(0, 0));
    await assert.rejects(running.run({}), { message: /without the input x of shape \[n,2\]/ });
    await assert.rejects(running.run({ x: { data: new Float32Array(3), shape: [1, 3] } }), {
      message: /x has shape \[n,2\]: found \[1,3\]/,
    });
    await running.close();
    await assert.rejects(running.run({ x: tensor(1, 2) }), {
      message: /running total as it was closed/,
    });
    await backend.close();
  });

  test(name, "fixed inputs become constants, and sizes numbers", async () => {
    const backend = await openBackend(name, { threads: 1 });
    const scale = input("scale", [2]);
    const scaled: Program = {
      name: "scaled",
      inputs: [x, scale],
      state: [],
      outputs: { y: times(x, scale) },
    };
    const running = await backend.load(scaled, {
      fixed: { scale: { data: [3, 5], shape: [2] } },
      sizes: { n: 1 },
    });
    const { y } = await running.run({ x: tensor(1, 2) });
    assert.deepEqual([...y.data], [3, 10]);
    await assert.rejects(running.run({ x: tensor(1, 2, 3, 4) }), { message: /found \[2,2\]/ });
    await assert.rejects(backend.load(scaled, { fixed: { scale: { data: [1], shape: [1] } } }), {
      message: /fix scale of shape \[2\]: the tensor given has shape \[1\]/,
    });
    await backend.close();
  });
}
