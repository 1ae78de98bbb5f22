import assert from "node:assert/strict";
import { broadcast, input, type Program, times } from "../../../../graph/mod.ts";
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

test("a GPU without memory is one message that says how much was wanted", async () => {
  const backend = await open();
  const { device } = backend.gpu;
  const executable = await backend.load(double);
  await executable.run(one);
  const scopes: string[] = [];
  const { pushErrorScope, popErrorScope } = device;
  device.pushErrorScope = (filter) => {
    scopes.push(filter);
    return pushErrorScope.call(device, filter);
  };
  device.popErrorScope = async () => {
    const found = await popErrorScope.call(device);
    return scopes.pop() === "out-of-memory" ? new GPUOutOfMemoryError("no more") : found;
  };
  await assert.rejects(executable.run(one), {
    name: "GpuError",
    message:
      /^Cannot run double as the GPU has no room for \d+ MiB of it\. Use --backend cpu, or take fewer samples at a time$/,
  });
  Object.assign(device, { pushErrorScope, popErrorScope });
  assert.deepEqual([...(await executable.run(one)).y.data], [2]);
  await backend.close();
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

test("a closed backend loads nothing, and closing again does nothing", async () => {
  const backend = await open();
  await backend.close();
  await backend.close();
  await assert.rejects(backend.load(double), { message: /double as the backend was closed/ });
});
