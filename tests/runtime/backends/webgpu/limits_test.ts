import assert from "node:assert/strict";
import {
  convolution,
  convolutionWeight,
  cumulativeSum,
  gather,
  gradient,
  input,
  less,
  loop,
  matmul,
  mean,
  plus,
  type Program,
  scatterAdd,
  silu,
  square,
  sum,
  times,
} from "../../../../graph/mod.ts";
import {
  openWebGpu,
  type WebGpuBackend,
  type WebGpuOptions,
} from "../../../../runtime/backends/webgpu/backend.ts";
import { LAYOUTS } from "../../../../runtime/backends/webgpu/compile/layouts.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { checkCase } from "../conformance.ts";
import { COMPOSITE_CASES } from "../composite_cases.ts";
import type { Case } from "../op_cases.ts";
import { openReference } from "../reference_backend.ts";
import { batches, firstState, trainingProgram } from "../training_program.ts";
import { adapterWith, LEAST_LIMITS, type LimitName } from "./low_limits.ts";

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: NO_ADAPTER, fn });

async function open(
  limits: Readonly<Partial<Record<LimitName, number>>>,
  options: WebGpuOptions = {},
): Promise<WebGpuBackend> {
  const adapter = () => adapterWith(limits);
  const backend = await openWebGpu("a test asked for it", { adapter, ...options });
  assert.ok(typeof backend !== "string", String(backend));
  return backend;
}

const ramp = (...shape: number[]) => ({
  data: Float32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    (_, i) => Math.sin(1 + 2.3 * i),
  ),
  shape,
});

/** One of each kind of kernel, large enough to be shared, tiled or cut up; reals and integers side by side. */
function mixed(): Case {
  const [x, w] = [input("x", [192, 70]), input("w", [70, 130])];
  const [image, kernel] = [input("image", [4, 4, 10, 10]), input("kernel", [8, 4, 3, 3])];
  const k = input("k", [300], "i32");
  const y = convolution(image, kernel, { padding: [[1, 1], [1, 1]] });
  const weight = convolutionWeight(image, y, {
    padding: [[1, 1], [1, 1]],
    shape: kernel.shape,
  });
  return {
    name: "kernels of every kind",
    ys: [
      silu(matmul(x, w)),
      sum(times(x, x), { axes: 0 }),
      sum(times(k, k)),
      cumulativeSum(k, 0),
      scatterAdd(k, plus(gather(x, k), 1), { axis: 0, size: 200 }),
      times(0.01, weight),
    ],
    inputs: {
      x: ramp(192, 70),
      w: ramp(70, 130),
      image: ramp(4, 4, 10, 10),
      kernel: ramp(8, 4, 3, 3),
      k: { data: Int32Array.from({ length: 300 }, (_, i) => (i * 37) % 192), shape: [300] },
    },
    tolerance: 2e-5,
  };
}

for (const kind of ["software", "hardware"] as const) {
  test(`webgpu keeps to the limits that every GPU has, laid out for ${kind}`, async () => {
    const backend = await open({}, { layout: LAYOUTS[kind] });
    for (const [name, limit] of Object.entries(LEAST_LIMITS)) {
      const found = backend.gpu.device.limits[name as LimitName];
      assert.ok(found <= limit, `the device has ${name} ${found}: the test shows nothing`);
    }
    assert.match(backend.identity, /, limits 134217728 8 16384 256 65535$/);
    await checkCase(backend, mixed());
    assert.deepEqual(backend.elsewhere, []);
    await backend.close();
  });
}

test("a training and a loop in a loop's derivative need no more buffers than every GPU binds", async () => {
  const backend = await open({}, { layout: LAYOUTS.hardware });
  const [, whiled] = COMPOSITE_CASES["reverse derivatives through loops"]();
  await checkCase(backend, whiled);
  const program = trainingProgram([3, 16, 2], 32);
  const [a, b] = [await backend.load(program), await openReference().load(program)];
  for (const executable of [a, b]) await executable.writeState(firstState(program));
  const inputs = batches(program, { steps: 3, done: 0 });
  const [{ loss }, expected] = [await a.run(inputs), await b.run(inputs)];
  loss.data.forEach((value, i) => assert.ok(Math.abs(value - expected.loss.data[i]) < 1e-4));
  assert.deepEqual(backend.elsewhere, []);
  await backend.close();
});

test("workgroups are as small as the GPU's, and too many for a row of a dispatch lie in rows", async () => {
  const backend = await open({
    maxComputeInvocationsPerWorkgroup: 32,
    maxComputeWorkgroupSizeX: 48,
    maxComputeWorkgroupsPerDimension: 7,
  });
  const { device } = backend.gpu;
  const codes: string[] = [];
  const dispatched: number[] = [];
  const createShaderModule = device.createShaderModule;
  device.createShaderModule = (descriptor) => {
    codes.push(descriptor.code);
    return createShaderModule.call(device, descriptor);
  };
  const dispatch = GPUComputePassEncoder.prototype.dispatchWorkgroups;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (x, y, z) {
    dispatched.push(x, y ?? 1);
    return dispatch.call(this, x, y, z);
  };
  try {
    const [x, w] = [input("x", [1_000]), input("w", [30, 40])];
    await checkCase(backend, {
      name: "small workgroups",
      ys: [times(x, 2), sum(times(x, x)), matmul(w, w, { transposeB: true }), cumulativeSum(x, 0)],
      inputs: { x: ramp(1_000), w: ramp(30, 40) },
      tolerance: 2e-5,
    });
  } finally {
    GPUComputePassEncoder.prototype.dispatchWorkgroups = dispatch;
  }
  assert.ok(codes.length > 0 && codes.every((code) => code.includes("@workgroup_size(32)")));
  assert.ok(Math.max(...dispatched) <= 7 && dispatched.some((n, i) => i % 2 === 1 && n > 1));
  assert.deepEqual(backend.elsewhere, []);
  await backend.close();
});

/** Names and numbers of the limits that one kernel goes beyond. */
const BEYOND: readonly (readonly [limit: LimitName, most: number, why: RegExp])[] = [
  ["maxStorageBuffersPerShaderStage", 2, /takes \d+ buffers, more than the 2 that this GPU has/],
  [
    "maxComputeWorkgroupStorageSize",
    1_024,
    /takes \d+ bytes of workgroup memory, more than the 1024/,
  ],
];

for (const [limit, most, why] of BEYOND) {
  test(`a kernel beyond ${limit} is made elsewhere`, async () => {
    const backend = await open({ [limit]: most });
    const [x, w] = [input("x", [40, 24]), input("w", [24, 16])];
    const [loss, k] = [mean(square(silu(matmul(x, w)))), input("k", [40], "i32")];
    await checkCase(backend, {
      name: "gradients",
      ys: [...gradient(loss, [x, w]), plus(matmul(gather(x, k), w), 1)],
      inputs: {
        x: ramp(40, 24),
        w: ramp(24, 16),
        k: { data: Int32Array.from({ length: 40 }, (_, i) => i % 7), shape: [40] },
      },
      tolerance: 2e-5,
    });
    assert.equal(backend.elsewhere.length, 1);
    assert.match(backend.elsewhere[0].why, why);
    await backend.close();
  });
}

test("a state that no kernel can bind lies elsewhere from the start", async () => {
  const backend = await open({ maxStorageBufferBindingSize: 2 ** 14 });
  const s = input("s", [5_000]);
  const program: Program = {
    name: "large state",
    inputs: [],
    state: [{ input: s, next: times(s, 2) }],
    outputs: { total: sum(s) },
  };
  const executable = await backend.load(program);
  await executable.writeState(new Map([["s", ramp(5_000)]]));
  await executable.run({});
  const { data } = (await executable.readState()).get("s")!;
  assert.deepEqual(data, ramp(5_000).data.map((value) => 2 * value));
  assert.deepEqual(backend.elsewhere.map(({ program }) => program), ["large state"]);
  await backend.close();
});

test("rows that outgrow what a kernel binds are collected elsewhere, and only then", async () => {
  const backend = await open({ maxStorageBufferBindingSize: 2 ** 14 });
  const x = input("x", [400]);
  const { collected } = loop({
    state: [x],
    while: (y) => less(1, mean(y)),
    body: (_i, y) => ({ state: [times(0.5, y)], collect: [y] }),
  });
  const program = { name: "halving", inputs: [x], state: [], outputs: { rows: collected[0] } };
  const executable = await backend.load(program);
  for (const [first, rows, ran] of [[500, 9, 0], [1_500, 11, 1], [100, 7, 1]]) {
    const found = await executable.run({
      x: { data: new Float32Array(400).fill(first), shape: [400] },
    });
    assert.deepEqual(found.rows.shape, [rows, 400]);
    assert.equal(found.rows.data.at(-1), first / 2 ** (rows - 1));
    assert.equal(backend.elsewhere.length, ran, `after ${rows} rows`);
  }
  assert.equal(
    backend.elsewhere[0].why,
    "10 rows of a loop, and maybe more: a kernel of this GPU binds no more",
  );
  await backend.close();
});

test("rows that are found too many after other work was handed in leave the state as it was", async () => {
  const backend = await open({ maxStorageBufferBindingSize: 2 ** 14 });
  const [s, n, x] = [input("s", []), input("n", [], "i32"), input("x", [400])];
  const { state: [next] } = loop({ state: [s], count: 600, body: (_i, s) => [plus(s, 1)] });
  const { collected } = loop({
    state: [plus(x, next)],
    count: n,
    body: (_i, y) => ({ state: [times(0.5, y)], collect: [y] }),
  });
  const executable = await backend.load({
    name: "counting",
    inputs: [n, x],
    state: [{ input: s, next }],
    outputs: { rows: collected[0] },
  });
  await executable.writeState(new Map([["s", { data: Float32Array.of(0), shape: [] }]]));
  for (const [count, after] of [[5, 600], [50, 1_200]]) {
    const found = await executable.run({
      n: { data: Int32Array.of(count), shape: [] },
      x: ramp(400),
    });
    assert.deepEqual(found.rows.shape, [count, 400]);
    assert.deepEqual([...(await executable.readState()).get("s")!.data], [after]);
  }
  assert.equal(backend.elsewhere.length, 1);
  await backend.close();
});
