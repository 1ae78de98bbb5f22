import assert from "node:assert/strict";
import { convolution, evaluate, input, matmul, type Program, silu } from "../../../../graph/mod.ts";
import { openBackend, type RunTensor } from "../../../../runtime/backends/mod.ts";
import {
  openWebGpu,
  type WebGpuBackend,
  type WebGpuOptions,
} from "../../../../runtime/backends/webgpu/backend.ts";
import { LAYOUTS } from "../../../../runtime/backends/webgpu/compile/layouts.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { assertClose } from "../conformance.ts";
import { batches, firstState, trainingProgram } from "../training_program.ts";
import { adapterWith } from "./low_limits.ts";

async function open(options: WebGpuOptions): Promise<WebGpuBackend> {
  const layout = LAYOUTS.hardware;
  const backend = await openWebGpu("a test asked for it", { layout, half: true, ...options });
  assert.ok(typeof backend !== "string", String(backend));
  return backend;
}

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: NO_ADAPTER, fn });

const ramp = (...shape: number[]): RunTensor => ({
  data: Float32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    (_, i) => Math.sin(1 + 2.3 * i),
  ),
  shape,
});

const [x, w] = [input("x", [40, 50]), input("w", [50, 24])];
const [image, kernel] = [input("image", [2, 8, 8, 8]), input("kernel", [16, 8, 3, 3])];
const program: Program = {
  name: "products",
  inputs: [x, w, image, kernel],
  state: [],
  outputs: { y: silu(matmul(x, w)), z: convolution(image, kernel) },
};
const inputs = {
  x: ramp(40, 50),
  w: ramp(50, 24),
  image: ramp(2, 8, 8, 8),
  kernel: ramp(16, 8, 3, 3),
};

async function products(backend: WebGpuBackend): Promise<Record<string, RunTensor>> {
  const outputs = await (await backend.load(program)).run(inputs);
  await backend.close();
  return outputs;
}

test("float16 factors change products by their rounding alone, and the backend's identity", async () => {
  const backend = await open({});
  assert.match(backend.identity, /^webgpu pushforward \d+ half, else tfjs/);
  assert.match(backend.describe(), /solves with float16 factors$/);
  const half = await products(backend);
  const plain = await open({ half: false });
  assert.match(plain.identity, /^webgpu pushforward \d+, else tfjs/);
  const whole = await products(plain);
  const exact = evaluate(Object.values(program.outputs), inputs);
  Object.keys(program.outputs).forEach((name, i) => {
    // Two factors are rounded to 11 bits each, and some sixty products of them are added up.
    assertClose(half[name], exact[i], { name, tolerance: 1e-2 });
    assertClose(whole[name], exact[i], { name, tolerance: 2e-5 });
    assert.notDeepEqual(half[name].data, whole[name].data);
  });
  assert.deepEqual(await products(await open({})), half);
});

test("a training keeps float32 where float16 is allowed", async () => {
  const training = trainingProgram([3, 16, 2], 32);
  const losses: RunTensor[] = [];
  for (const half of [true, false]) {
    const backend = await open({ half });
    const executable = await backend.load(training);
    await executable.writeState(firstState(training));
    losses.push((await executable.run(batches(training, { steps: 3, done: 0 }))).loss);
    await backend.close();
  }
  assert.deepEqual(losses[0], losses[1]);
});

/** Where float16 cannot be had, and what is said of it. */
const WITHOUT: readonly (readonly [why: RegExp, options: () => Promise<WebGpuOptions>])[] = [
  [/float32, as this GPU has no float16 in its kernels/, async () => {
    const adapter = await adapterWith({ maxComputeWorkgroupStorageSize: 32_768 });
    Object.assign(adapter, { features: new Set() });
    return { adapter: () => Promise.resolve(adapter) };
  }],
  [
    /float32, as this GPU's workgroups have too little memory/,
    () => Promise.resolve({ adapter: () => adapterWith({}) }),
  ],
  [
    /float32, as products are not made through workgroup memory in software/,
    () => Promise.resolve({ layout: LAYOUTS.software }),
  ],
];

for (const [why, options] of WITHOUT) {
  test(`numbers stay ${why.source}`, async () => {
    const warnings: string[] = [];
    const onWarning = (text: string) => void warnings.push(text);
    const backend = await open({ ...await options(), onWarning });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], why);
    assert.match(backend.identity, /^webgpu pushforward \d+, else tfjs/);
    await backend.close();
  });
}

Deno.test("half is refused by backends that know no float16", async () => {
  for (const name of ["cpu", "wasm", "tfjs"] as const) {
    await assert.rejects(openBackend(name, { half: true }), {
      name: "InputError",
      message: new RegExp(`the backend ${name} with half: only webgpu has float16 factors`),
      field: "half",
    });
  }
});
