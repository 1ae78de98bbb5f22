import assert from "node:assert/strict";
import type { WebGPUBackend } from "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";
import * as tf from "npm:@tensorflow/tfjs-core@4.22.0";
import {
  evaluate,
  input,
  less,
  loop,
  plus,
  type Program,
  sum,
  tanh,
  times,
} from "../../../../graph/mod.ts";
import { GpuError } from "../../../../runtime/backends/gpu_error.ts";
import type { Backend, RunTensor } from "../../../../runtime/backends/mod.ts";
import { openTfjs } from "../../../../runtime/backends/tfjs/backend.ts";
import { TFJS_VERSION } from "../../../../runtime/backends/tfjs/version.ts";
import {
  openWebGpu,
  type WebGpuBackend,
  type WebGpuOptions,
} from "../../../../runtime/backends/webgpu/backend.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { assertClose } from "../conformance.ts";
import { openReference } from "../reference_backend.ts";
import { adapterWith } from "./low_limits.ts";

async function open(options: WebGpuOptions = {}): Promise<WebGpuBackend> {
  const backend = await openWebGpu("a test asked for it", options);
  assert.ok(typeof backend !== "string", String(backend));
  return backend;
}

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: NO_ADAPTER, fn });

const x = input("x", ["n"]);
const ramp = (n: number): RunTensor => ({
  data: Float32Array.from({ length: n }, (_, i) => Math.sin(1 + 0.7 * i)),
  shape: [n],
});

/** A loop inside a loop that collects rows until its own condition fails: no kernels are made for it. */
const nested = loop({
  state: [x],
  count: 3,
  body: (_i, y) => {
    const { collected } = loop({
      state: [sum(times(y, y))],
      while: (h) => less(0.5, h),
      body: (_k, h) => ({ state: [times(0.5, h)], collect: [h] }),
    });
    return [plus(tanh(y), times(0.01, sum(collected[0])))];
  },
});
const uncovered: Program = {
  name: "rows in rows",
  inputs: [x],
  state: [],
  outputs: { y: nested.state[0] },
};

test("a program that no kernels are made for runs on tfjs, and the backend says so once", async () => {
  const warnings: string[] = [];
  const backend = await open({ onWarning: (text) => void warnings.push(text) });
  const inputs = { x: ramp(5) };
  for (let i = 0; i < 2; i++) {
    const executable = await backend.load(uncovered);
    for (let k = 0; k < 2; k++) {
      const { y } = await executable.run(inputs);
      assertClose(y, evaluate([nested.state[0]], inputs)[0], { name: "y", tolerance: 1e-5 });
    }
    await executable.close();
  }
  const why = "a loop inside a loop that collects rows of a number known only when it ends";
  assert.deepEqual(warnings, [
    `the program rows in rows runs on the backend tfjs, as webgpu has no kernels for ${why}`,
  ]);
  const engine = `tfjs ${TFJS_VERSION}`;
  assert.deepEqual(backend.elsewhere, [{ program: "rows in rows", backend: "tfjs", engine, why }]);
  assert.match(backend.identity, new RegExp(`^webgpu pushforward \\d+, else ${engine} `));
  await backend.close();
});

test("tfjs is loaded only when a program needs it, in the version that is named beforehand", async () => {
  let opened = 0;
  const substitute = () => {
    opened++;
    return openTfjs("a test asked for it");
  };
  const backend = await open({ substitute });
  const covered = await backend.load({ ...uncovered, outputs: { y: times(x, 2) } });
  await covered.run({ x: ramp(3) });
  assert.equal(opened, 0);
  await (await backend.load(uncovered)).run({ x: ramp(3) });
  assert.equal(opened, 1);
  const tfjs = await openTfjs("a test asked for it");
  assert.ok(typeof tfjs !== "string" && tfjs.engine === `tfjs ${TFJS_VERSION}`);
  await backend.close();
});

const total = input("total", []);
const adding: Program = {
  name: "adding",
  inputs: [x],
  state: [{ input: total, next: plus(total, sum(x)) }],
  outputs: { doubled: times(x, 2) },
};

test("the state follows a program from kernels to tfjs and back", async () => {
  const adapter = () => adapterWith({ maxStorageBufferBindingSize: 2 ** 14 });
  const backend = await open({ adapter });
  const [executable, exact] = [await backend.load(adding), await openReference().load(adding)];
  const start = new Map([["total", { data: Float32Array.of(1), shape: [] }]]);
  await executable.writeState(start);
  await exact.writeState(start);
  for (const n of [100, 5_000, 100, 200, 6_000, 5_000]) {
    const { doubled } = await executable.run({ x: ramp(n) });
    assert.deepEqual(doubled, (await exact.run({ x: ramp(n) })).doubled);
    const [found, expected] = [await executable.readState(), await exact.readState()];
    const apart = found.get("total")!.data[0] - expected.get("total")!.data[0];
    assert.ok(Math.abs(apart) < 1e-4, `${apart} after ${n}`);
  }
  assert.deepEqual(backend.elsewhere.map(({ program }) => program), ["adding"]);
  await backend.close();
});

test("rows in tiles that kernels cannot bind run in smaller ones before they run elsewhere", async () => {
  const adapter = () => adapterWith({ maxStorageBufferBindingSize: 2 ** 14 });
  const layout = { lanes: 64, tiled: false, merged: false, doublings: 3, busy: 4, whole: null };
  const backend = await open({ adapter, layout });
  const rows: Program = {
    name: "rows",
    inputs: [x],
    state: [],
    outputs: { y: times(x, 2) },
  };
  const tiled = await backend.loadTiled(rows, { rows: "n", tile: 1024 });
  const { y } = await tiled.run({ x: ramp(9_000) });
  assert.deepEqual(y.data, ramp(9_000).data.map((value) => 2 * value));
  assert.deepEqual(backend.elsewhere, []);
  await backend.close();
});

test("what neither kernels nor tfjs can run is one message that says why and what to do", async () => {
  const backend = await open({ substitute: () => Promise.resolve("it cannot be loaded") });
  const executable = await backend.load(uncovered);
  await assert.rejects(executable.run({ x: ramp(5) }), {
    name: "GpuError",
    message:
      /^Cannot run rows in rows as there are no kernels for a loop inside a loop .*, and tfjs cannot run it either: it cannot be loaded\. Use --backend cpu$/,
  });
  await backend.close();
});

/** A backend whose programs fail when they run. */
function failing(error: Error): Backend {
  const [done, run] = [() => Promise.resolve(), () => Promise.reject(error)];
  const executable = { run, writeState: done, close: done };
  const backend = { name: "tfjs", engine: "none", load: () => Promise.resolve(executable) };
  return { ...backend, close: done } as unknown as Backend;
}

test("of what fails elsewhere only a limit of the GPU is called one, and the rest says what it is", async () => {
  const refused = new GpuError("tfjs failed", { cause: "the buffer is too large" });
  const lost = new GpuError("tfjs failed", { cause: "the device was lost (reset)", lost: true });
  const bug = new TypeError("x is undefined");
  const WAYS: readonly (readonly [error: Error, expected: Record<string, unknown>])[] = [
    [refused, {
      name: "GpuError",
      cause: refused,
      message:
        /there are no kernels for .*, and tfjs cannot run it either: the buffer is too large\. Use/,
    }],
    [lost, {
      name: "GpuError",
      message:
        /^Cannot go on with rows in rows as the GPU was lost: the device was lost .*\. What was kept so far stays/,
    }],
    [bug, { name: "TypeError", message: bug.message }],
  ];
  for (const [error, expected] of WAYS) {
    const backend = await open({ substitute: () => Promise.resolve(failing(error)) });
    const executable = await backend.load(uncovered);
    await assert.rejects(executable.run({ x: ramp(5) }), expected);
    await backend.close();
  }
});

test("a program that the compiler stumbles over is no program for tfjs", async () => {
  const backend = await open();
  const unknown = input("x", ["n"], "f64" as "f32");
  const executable = await backend.load({
    ...uncovered,
    inputs: [unknown],
    outputs: { y: unknown },
  });
  await assert.rejects(executable.run({ x: ramp(5) }), { name: "TypeError" });
  assert.deepEqual(backend.elsewhere, []);
  await backend.close();
});

// The last one here: tfjs has one device for all tests.
test("a GPU that is lost while tfjs runs a program is told as one that kernels lost", async () => {
  const backend = await open();
  const executable = await backend.load(uncovered);
  await executable.run({ x: ramp(5) });
  const run = executable.run({ x: ramp(5) });
  (tf.backend() as WebGPUBackend).device.destroy();
  const expected = {
    name: "GpuError",
    message: /^Cannot go on with rows in rows as the GPU was lost: .*What was kept so far stays/,
  };
  await assert.rejects(run, expected);
  await assert.rejects(executable.run({ x: ramp(5) }), expected);
  await backend.close();
});
