import assert from "node:assert/strict";
import { input, loop, type Program, sum, times } from "../../../../graph/mod.ts";
import { openWebGpu } from "../../../../runtime/backends/webgpu/backend.ts";
import { LAYOUTS } from "../../../../runtime/backends/webgpu/compile/layouts.ts";
import { NO_ADAPTER } from "../../../adapter.ts";

const [x, scale] = [input("x", ["n", 2]), input("scale", [])];
const program: Program = {
  name: "rows",
  inputs: [x, scale],
  state: [],
  outputs: { y: times(x, scale), total: sum(x, { axes: 1 }) },
};

Deno.test({
  name: "rows are cut into tiles that double, and come back in their order",
  ignore: NO_ADAPTER,
  fn: async () => {
    const layout = { ...LAYOUTS.software, doublings: 2 };
    const backend = await openWebGpu("a test asked for it", { layout });
    assert.ok(typeof backend !== "string", String(backend));
    const tiled = await backend.loadTiled(program, { rows: "n", tile: 4 });
    for (const rows of [0, 3, 8, 45]) {
      const data = Float32Array.from({ length: 2 * rows }, (_, i) => i);
      const given = {
        x: { data, shape: [rows, 2] },
        scale: { data: Float32Array.of(2), shape: [] },
      };
      const { y, total } = await tiled.run(given);
      assert.deepEqual(y, { data: data.map((value) => 2 * value), shape: [rows, 2] });
      assert.deepEqual([...total.data], Array.from({ length: rows }, (_, i) => 4 * i + 1));
    }
    await assert.rejects(tiled.run({ scale: { data: Float32Array.of(2), shape: [] } }), {
      message: /rows in tiles as all of x must have as many rows: found none/,
    });
    await backend.close();
  },
});

Deno.test({
  name: "rows that go through one kernel are not cut, and come back in their order",
  ignore: NO_ADAPTER,
  fn: async () => {
    const layout = { ...LAYOUTS.software, whole: { lanes: 64, rows: 8 } };
    const backend = await openWebGpu("a test asked for it", { layout });
    assert.ok(typeof backend !== "string", String(backend));
    const { state: [y] } = loop({ state: [x], count: 3, body: (_i, x) => [times(x, scale)] });
    const doubled: Program = { ...program, outputs: { y, total: sum(y, { axes: 1 }) } };
    const tiled = await backend.loadTiled(doubled, { rows: "n", tile: 4 });
    for (const rows of [0, 1, 45]) {
      const data = Float32Array.from({ length: 2 * rows }, (_, i) => i);
      const given = {
        x: { data, shape: [rows, 2] },
        scale: { data: Float32Array.of(2), shape: [] },
      };
      const { y, total } = await tiled.run(given);
      assert.deepEqual(y, { data: data.map((value) => 8 * value), shape: [rows, 2] });
      assert.deepEqual([...total.data], Array.from({ length: rows }, (_, i) => 8 * (4 * i + 1)));
    }
    await assert.rejects(tiled.run({ scale: { data: Float32Array.of(2), shape: [] } }), {
      message: /rows in tiles as all of x must have as many rows: found none/,
    });
    await backend.close();
  },
});
