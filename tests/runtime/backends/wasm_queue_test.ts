import assert from "node:assert/strict";
import { input, loop, matmul, plus, type Program, silu, times } from "../../../graph/mod.ts";
import { fillNormal } from "../../../graph/threefry.ts";
import { openBackend } from "../../../runtime/backends/mod.ts";

function normal(shape: number[], stream: string) {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fillNormal(data, { seed: 5, stream, step: 0 });
  return { data, shape };
}

/** Euler steps with products so large that ONNX Runtime spreads a run over threads and waits for them. */
function program(rate: number): Program {
  const [x, w, v] = [input("x", ["n", 2]), input("w", [2, 128]), input("v", [128, 2])];
  const [y] = loop({
    state: [x],
    count: 30,
    body: (_i, y) => [plus(y, times(rate, matmul(silu(matmul(y, w)), v)))],
  }).state;
  return { name: `rate ${rate}`, inputs: [x, w, v], state: [], outputs: { y } };
}

const fixed = { w: normal([2, 128], "w"), v: normal([128, 2], "v") };

Deno.test("wasm: programs load and close while others run, without harm", async () => {
  const backend = await openBackend("wasm");
  const pushed = async (rate: number, rows: number) => {
    const tiled = await backend.loadTiled(program(rate), { rows: "n", tile: 64, fixed });
    const { y } = await tiled.run({ x: normal([rows, 2], "x") });
    await tiled.close();
    return y.data;
  };
  const rates = [0.002, 0.003, 0.004];
  const alone = [await pushed(0.001, 1000)];
  for (const rate of rates) alone.push(await pushed(rate, 100));

  const long = await backend.loadTiled(program(0.001), { rows: "n", tile: 64, fixed });
  const running = long.run({ x: normal([1000, 2], "x") });
  const others = rates.map((rate) => pushed(rate, 100));
  const together = await Promise.all([running.then(({ y }) => y.data), ...others]);
  assert.deepEqual(together, alone);
  await backend.close();
});
