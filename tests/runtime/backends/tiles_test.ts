import assert from "node:assert/strict";
import { input, loop, matmul, plus, type Program, silu, sum, times } from "../../../graph/mod.ts";
import { fillNormal } from "../../../graph/threefry.ts";
import { openBackend } from "../../../runtime/backends/mod.ts";
import { NO_ADAPTER } from "../../adapter.ts";

const x = input("x", ["n", 2]);
const w = input("w", [2, 32]);
const v = input("v", [32, 2]);
const flow: Program = {
  name: "flow",
  inputs: [x, w, v],
  state: [],
  outputs: {
    y: loop({
      state: [x],
      count: 5,
      body: (_i, y) => [plus(y, times(0.2, matmul(silu(matmul(y, w)), v)))],
    }).state[0],
  },
};

function normal(shape: number[], stream: string) {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fillNormal(data, { seed: 3, stream, step: 0 });
  return { data, shape };
}
const fixed = { w: normal([2, 32], "w"), v: normal([32, 2], "v") };

const test = (backend: string, name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: (backend === "tfjs" || backend === "webgpu") && NO_ADAPTER, fn });

for (const name of ["cpu", "wasm", "webgpu", "tfjs"] as const) {
  test(name, `${name}: a row's result has the same bits in any tile and company`, async () => {
    const backend = await openBackend(name);
    const tiled = await backend.loadTiled(flow, { rows: "n", tile: 64, fixed });
    const points = normal([1000, 2], "x"); // 16 tiles, the last of 40 rows
    const { y } = await tiled.run({ x: points });
    assert.deepEqual(y.shape, [1000, 2]);
    for (const [from, to] of [[0, 1], [10, 20], [63, 65], [500, 1000]]) {
      const part = { data: points.data.slice(2 * from, 2 * to), shape: [to - from, 2] };
      const alone = await tiled.run({ x: part });
      assert.deepEqual(alone.y.data, y.data.slice(2 * from, 2 * to), `rows ${from} to ${to}`);
    }
    const none = await tiled.run({ x: { data: new Float32Array(0), shape: [0, 2] } });
    assert.deepEqual(none.y.shape, [0, 2]);
    await backend.close();
  });
}

Deno.test("tiles give what the whole gives", async () => {
  const backend = await openBackend("cpu");
  const tiled = await backend.loadTiled(flow, { rows: "n", tile: 64, fixed });
  const whole = await backend.load(flow, { fixed });
  const points = normal([300, 2], "x");
  const [a, b] = [await tiled.run({ x: points }), await whole.run({ x: points })];
  a.y.data.forEach((value, i) => assert.ok(Math.abs(value - b.y.data[i]) < 1e-5));
  await backend.close();
});

Deno.test("tiles reject outputs without rows and inputs of several lengths", async () => {
  const backend = await openBackend("cpu");
  await assert.rejects(
    backend.loadTiled({ ...flow, outputs: { s: sum(x) } }, { rows: "n", tile: 8, fixed }),
    { name: "TypeError", message: /rows on their first axis alone: s is \[\]/ },
  );
  const two: Program = {
    name: "two",
    inputs: [x, input("z", ["n"])],
    state: [],
    outputs: { y: x },
  };
  const tiled = await backend.loadTiled(two, { rows: "n", tile: 8 });
  await assert.rejects(tiled.run({ x: normal([3, 2], "x"), z: normal([4], "z") }), {
    name: "RangeError",
    message: /all of x, z must have as many rows: found 3, 4/,
  });
  await backend.close();
});
