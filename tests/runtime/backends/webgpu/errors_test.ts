import assert from "node:assert/strict";
import {
  broadcast,
  input,
  less,
  loop,
  plus,
  type Program,
  sum,
  times,
} from "../../../../graph/mod.ts";
import { openWebGpu, type WebGpuBackend } from "../../../../runtime/backends/webgpu/backend.ts";
import type { DispatchStep } from "../../../../runtime/backends/webgpu/plan.ts";
import { Pipelines } from "../../../../runtime/backends/webgpu/run/pipelines.ts";
import { NO_ADAPTER } from "../../../adapter.ts";

const x = input("x", ["n"]);
const double: Program = { name: "double", inputs: [x], state: [], outputs: { y: times(x, 2) } };
const one = { x: { data: Float32Array.of(1), shape: [1] } };

async function open(): Promise<WebGpuBackend> {
  const backend = await openWebGpu("a test asked for it");
  assert.ok(typeof backend !== "string", String(backend));
  return backend;
}

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: NO_ADAPTER, fn });

test("a GPU that was lost is one message that says what to do", async () => {
  const backend = await open();
  const executable = await backend.load(double);
  await executable.run(one);
  backend.gpu.device.destroy();
  await backend.gpu.device.lost;
  await assert.rejects(executable.run(one), {
    name: "GpuError",
    message: /double as the GPU was lost: .*What was kept so far stays; .*--backend cpu/,
  });
  await backend.close();
});

test("a GPU that is lost in the middle of a run is the same message", async () => {
  const backend = await open();
  const { device } = backend.gpu;
  const { state: [halved] } = loop({
    state: [x],
    while: (y) => less(1e-30, sum(y)),
    body: (_i, y) => [times(0.5, y)],
  });
  const executable = await backend.load({ ...double, outputs: { y: halved } });
  await executable.run(one);
  const { submit } = device.queue;
  let submissions = 0;
  device.queue.submit = (commands) => {
    submit.call(device.queue, commands);
    if (++submissions === 3) device.destroy();
  };
  await assert.rejects(executable.run(one), {
    name: "GpuError",
    message: /double as the GPU was lost: .*What was kept so far stays; .*--backend cpu/,
  });
  assert.ok(submissions >= 3);
  await backend.close();
});

test("a tensor that neither kernels nor tfjs can bind is one message that says how much", async () => {
  const backend = await open();
  const most = backend.gpu.limits.bindingBytes / 4;
  const huge = await backend.load({
    ...double,
    outputs: { y: broadcast(times(x, 2), [most + 1, "n"]) },
  });
  await assert.rejects(huge.run(one), {
    name: "GpuError",
    message:
      /^Cannot run double as there are no kernels for \d+ MiB in one buffer, more than the \d+ MiB that a kernel of this GPU takes, and tfjs cannot run it either: [^.]*\. Use --backend cpu$/,
  });
  await backend.close();
});

/** Leaves a device without memory, until what is returned is called. */
function full(device: GPUDevice): () => void {
  const scopes: string[] = [];
  const { pushErrorScope, popErrorScope } = device;
  device.pushErrorScope = (filter) => {
    scopes.push(filter);
    return pushErrorScope.call(device, filter);
  };
  device.popErrorScope = async () => {
    const isMemory = scopes.pop() === "out-of-memory";
    const found = await popErrorScope.call(device);
    return isMemory ? new GPUOutOfMemoryError("no more") : found;
  };
  return () => Object.assign(device, { pushErrorScope, popErrorScope });
}

test("a GPU without memory is one message that says how much was wanted", async () => {
  const backend = await open();
  const { device } = backend.gpu;
  const executable = await backend.load(double);
  await executable.run(one);
  const emptied = full(device);
  await assert.rejects(executable.run(one), {
    name: "GpuError",
    message:
      /^Cannot run double as the GPU has no room for \d+ MiB of it\. Use --backend cpu, or take fewer samples at a time$/,
  });
  emptied();
  assert.deepEqual([...(await executable.run(one)).y.data], [2]);
  await backend.close();
});

/** Buffers of a device that are made from now on and not freed yet. */
function liveBuffers(device: GPUDevice): Set<GPUBuffer> {
  const live = new Set<GPUBuffer>();
  const { createBuffer } = device;
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer.call(device, descriptor);
    const { destroy } = buffer;
    buffer.destroy = () => {
      live.delete(buffer);
      return destroy.call(buffer);
    };
    live.add(buffer);
    return buffer;
  };
  return live;
}

test("what the GPU has no room for is freed, before a run and after it", async () => {
  const backend = await open();
  const { device } = backend.gpu;
  const live = liveBuffers(device);
  const executable = await backend.load(double);
  let emptied = full(device);
  await assert.rejects(executable.run(one), { message: /the GPU has no room/ });
  assert.equal(live.size, 0);
  emptied();
  await executable.run(one);
  const { size } = live;
  assert.ok(size > 0);
  emptied = full(device);
  await assert.rejects(executable.run(one), { message: /the GPU has no room/ });
  assert.equal(live.size, size);
  emptied();
  await backend.close();
  assert.equal(live.size, 0);
});

test("of counts that are handed in only the last few keep buffers", async () => {
  const backend = await open();
  const n = input("n", [], "i32");
  const { collected } = loop({
    state: [x],
    count: n,
    body: (_i, y) => ({ state: [times(0.5, y)], collect: [y] }),
  });
  const program = { ...double, inputs: [n, x], outputs: { y: sum(collected[0], { axes: 0 }) } };
  const executable = await backend.load(program);
  const live = liveBuffers(backend.gpu.device);
  const sizes: number[] = [];
  for (let count = 1; count <= 11; count++) {
    const { y } = await executable.run({ ...one, n: { data: Int32Array.of(count), shape: [] } });
    assert.equal(y.data[0], 2 - 2 ** (1 - count));
    sizes.push(live.size);
  }
  assert.equal(sizes[10], sizes[9]);
  await backend.close();
  assert.equal(live.size, 0);
});

test("a kernel that the driver does not compile is one message that names it", async () => {
  const backend = await open();
  const step: DispatchStep = {
    kind: "dispatch",
    title: "broken",
    code: "@compute @workgroup_size(64) fn main() { let x: u32 = 1.5f; }",
    bindings: [],
    frame: false,
    workgroups: 1,
    work: 1,
  };
  await assert.rejects(new Pipelines(backend.gpu.device).get(step, "double"), {
    name: "GpuError",
    message:
      /Cannot run double as the GPU's driver does not compile the kernel "broken": .*--backend cpu/,
  });
  await backend.close();
});

test("of kernels that are made side by side the broken one alone fails", async () => {
  const backend = await open();
  const pipelines = new Pipelines(backend.gpu.device);
  const made = ["1u", "2.5f", "3u"].map((value, i) =>
    pipelines.get({
      ...{ kind: "dispatch", title: `kernel ${i}`, bindings: [], frame: false },
      ...{ workgroups: 1, work: 1 },
      code: `@compute @workgroup_size(64) fn main() { let x: u32 = ${value}; }`,
    }, "double")
  );
  const [first, second, third] = await Promise.allSettled(made);
  assert.deepEqual([first.status, third.status], ["fulfilled", "fulfilled"]);
  assert.match(String((second as PromiseRejectedResult).reason), /the kernel "kernel 1"/);
  await backend.close();
});

test("what the GPU refuses rejects the run, and the backend goes on", async () => {
  const backend = await open();
  const { device } = backend.gpu;
  const executable = await backend.load(double);
  await executable.run(one);
  const submit = device.queue.submit;
  device.queue.submit = function (commands) {
    device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
    return submit.call(this, commands);
  };
  await assert.rejects(executable.run(one), {
    name: "GpuError",
    message: /Cannot run double as the GPU refused it: .*--backend cpu/,
  });
  device.queue.submit = submit;
  const { y } = await executable.run(one);
  assert.deepEqual([...y.data], [2]);
  await backend.close();
});

test("what the GPU refuses between runs rejects the next run", async () => {
  const backend = await open();
  const executable = await backend.load(double);
  await executable.run(one);
  const { device } = backend.gpu;
  device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
  await device.queue.onSubmittedWorkDone();
  await assert.rejects(executable.run(one), { name: "GpuError", message: /refused it: .*cpu/ });
  assert.deepEqual([...(await executable.run(one)).y.data], [2]);
  await backend.close();
});

test("every submission is made within three error scopes, and all of these are closed", async () => {
  const backend = await open();
  const { device } = backend.gpu;
  let depth = 0;
  const depths: number[] = [];
  const { pushErrorScope, popErrorScope } = device;
  const { submit } = device.queue;
  device.pushErrorScope = (filter) => {
    depth++;
    return pushErrorScope.call(device, filter);
  };
  device.popErrorScope = () => {
    depth--;
    return popErrorScope.call(device);
  };
  device.queue.submit = (commands) => {
    depths.push(depth);
    return submit.call(device.queue, commands);
  };
  const state = input("s", []);
  const halved = loop({
    state: [x],
    while: (y) => less(0.5, sum(y)),
    body: (_i, y) => ({ state: [times(0.5, y)], collect: [sum(y)] }),
  });
  const executable = await backend.load({
    name: "halving",
    inputs: [x],
    state: [{ input: state, next: plus(state, 1) }],
    outputs: { y: halved.state[0], rows: halved.collected[0] },
  });
  await executable.writeState(new Map([["s", { data: Float32Array.of(0), shape: [] }]]));
  const { rows } = await executable.run({ x: { data: Float32Array.of(8), shape: [1] } });
  assert.deepEqual([...rows.data], [8, 4, 2, 1]);
  assert.deepEqual([...(await executable.readState()).get("s")!.data], [1]);
  assert.ok(depths.length >= 3 && depths.every((at) => at >= 3), `submitted at depths ${depths}`);
  assert.equal(depth, 0);
  await backend.close();
});

test("without an adapter the message says what to install", async () => {
  const opened = await openWebGpu("a test asked for it", { adapter: () => Promise.resolve(null) });
  assert.match(String(opened), /^there is no GPU with a driver: on Linux, install .*vulkan/i);
  const failing = () => Promise.reject(new Error("the driver is broken\nin many lines"));
  const failed = await openWebGpu("a test asked for it", { adapter: failing });
  assert.equal(failed, "the driver failed (the driver is broken)");
});

test("a closed backend loads nothing, and closing again does nothing", async () => {
  const backend = await open();
  await backend.close();
  await backend.close();
  await assert.rejects(backend.load(double), { message: /double as the backend was closed/ });
});
