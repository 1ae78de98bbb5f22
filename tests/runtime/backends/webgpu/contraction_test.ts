import assert from "node:assert/strict";
import {
  type Expression,
  input,
  matmul,
  plus,
  reduceMax,
  reverse,
  silu,
  sum,
  times,
} from "../../../../graph/mod.ts";
import { openWebGpu, type WebGpuOptions } from "../../../../runtime/backends/webgpu/backend.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { checkCase } from "../conformance.ts";
import type { Case } from "../op_cases.ts";

const ramp = (...shape: number[]) => ({
  data: Float32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    (_, i) => Math.sin(1 + 2.3 * i),
  ),
  shape,
});

/** Factors that are as they are, turned round on the way, or computed. */
const WAYS: readonly ((x: Expression) => Expression)[] = [
  (x) => x,
  (x) => reverse(x, x.shape.length - 1),
  (x) => times(x, 0.5),
];

/** Sizes that blocks divide and sizes that they do not, each with factors as they are and transposed. */
const SIZES: readonly (readonly [rows: number, columns: number, terms: number, ways: string])[] = [
  [64, 72, 68, "NN TT"],
  [33, 20, 37, "NT TN"],
  [64, 40, 64, "NT TN"],
  [3, 40, 100, "NN"],
  [50, 2, 64, "TT"],
];

function* products(): Generator<Case> {
  for (const [rows, columns, terms, ways] of SIZES) {
    for (const [way, flags] of ways.split(" ").entries()) {
      const [transposeA, transposeB] = [flags[0] === "T", flags[1] === "T"];
      const a = transposeA ? [terms, rows] : [rows, terms];
      const b = transposeB ? [columns, terms] : [terms, columns];
      const [left, right] = [input("a", a), input("b", b)];
      const bias = input("c", [columns]);
      const turned = WAYS[(rows + way) % WAYS.length](left);
      yield {
        name: `[${a}] by [${b}], ${flags}`,
        ys: [silu(plus(matmul(turned, right, { transposeA, transposeB }), bias))],
        inputs: { a: ramp(...a), b: ramp(...b), c: ramp(columns) },
        tolerance: 2e-5,
      };
    }
  }
  const batch = matmul(input("a", [3, 1, 20, 40]), input("b", [2, 40, 24]));
  yield {
    name: "batches that broadcast",
    ys: [batch],
    inputs: { a: ramp(3, 1, 20, 40), b: ramp(2, 40, 24) },
    tolerance: 2e-5,
  };
  const [tall, thin] = [input("a", [2048, 8]), input("b", [2048, 16])];
  yield {
    name: "tall factors whose product is split",
    ys: [times(2, matmul(tall, thin, { transposeA: true }))],
    inputs: { a: ramp(2048, 8), b: ramp(2048, 16) },
    tolerance: 2e-4,
  };
}

function* reductions(): Generator<Case> {
  const x = input("x", [70, 6, 90]);
  const inputs = { x: ramp(70, 6, 90) };
  for (const axes of [[0], [2], [0, 2], [0, 1, 2]]) {
    yield {
      name: `over ${axes}`,
      ys: [times(2, sum(times(x, x), { axes })), reduceMax(x, { axes, keep: true })],
      inputs,
      tolerance: 2e-5,
    };
  }
}

const LAYOUTS: Readonly<Record<string, WebGpuOptions>> = {
  "blocks in registers": {
    layout: { lanes: 64, tiled: false, merged: false, doublings: 0, busy: 4, whole: null },
  },
  "tiles in workgroup memory": {
    layout: { lanes: 64, tiled: true, merged: true, doublings: 0, busy: 128, whole: null },
  },
  "large tiles in workgroup memory": {
    layout: { lanes: 64, tiled: true, merged: true, doublings: 0, busy: 1, whole: null },
  },
};

for (const [name, options] of Object.entries(LAYOUTS)) {
  Deno.test({
    name: `webgpu multiplies and reduces by ${name} as the reference does`,
    ignore: NO_ADAPTER,
    fn: async () => {
      const backend = await openWebGpu("a test asked for it", options);
      assert.ok(typeof backend !== "string", String(backend));
      for (const test of [...products(), ...reductions()]) await checkCase(backend, test);
      await backend.close();
    },
  });
}
