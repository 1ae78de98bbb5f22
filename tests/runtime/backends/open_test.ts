import assert from "node:assert/strict";
import { input, times } from "../../../graph/mod.ts";
import { type BackendChoice, openBackend } from "../../../runtime/backends/mod.ts";

Deno.test("openBackend() names the nearest backend for an unknown one", async () => {
  await assert.rejects(openBackend("wsam" as BackendChoice), {
    name: "InputError",
    message: /backend wsam: there are auto, cpu, wasm, webgpu, tfjs; did you mean wasm\?/,
    field: "backend",
  });
});

Deno.test("openBackend() rejects a number of threads that is none", async () => {
  for (const threads of [0, -1, 1.5, NaN]) {
    await assert.rejects(openBackend("cpu", { threads }), {
      name: "InputError",
      message: /whole number from 1/,
    });
  }
});

Deno.test("openBackend() describes what it opened", async () => {
  const cpu = await openBackend("cpu", { threads: 1 });
  assert.match(cpu.describe(), /^cpu: ONNX Runtime 1\.30\.0, native, 1 thread, \w+/);
  assert.match(cpu.identity, /^cpu onnxruntime 1\.30\.0 \w+/);
  assert.equal((await openBackend("auto")).name, "cpu");
});

/** What a process prints that has these permissions alone. */
async function withPermissions(permissions: readonly string[], script: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/script.ts`;
  const mod = new URL("../../../runtime/backends/mod.ts", import.meta.url).href;
  await Deno.writeTextFile(file, `import { openBackend } from "${mod}";\n${script}`);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", ...permissions, file],
  }).output();
  await Deno.remove(folder, { recursive: true });
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

Deno.test("auto falls back to wasm without the permission for native code, and says so", async () => {
  const printed = await withPermissions(
    ["--allow-read", "--allow-env"],
    `const b = await openBackend("auto", { threads: 1 }); console.log(b.name, "|", b.reason);`,
  );
  assert.match(printed, /^wasm \| .*native code is not permitted; allow it with --allow-ffi/);
});

Deno.test("cpu without the permission for native code is an error in words", async () => {
  const printed = await withPermissions(
    ["--allow-read", "--allow-env"],
    `await openBackend("cpu").catch((error) => console.log(error.name, error.message));`,
  );
  assert.match(printed, /^InputError Cannot open the backend cpu: .*--allow-ffi/);
});

/** Backends that need a GPU, and what they say without one. */
const WITHOUT_ADAPTER = {
  tfjs:
    /^InputError Cannot open the backend tfjs: WebGPU finds no adapter\. The backend cpu needs no graphics card/,
  webgpu:
    /^InputError Cannot open the backend webgpu: there is no GPU .*\. The backend cpu needs no GPU/,
};

for (const [name, message] of Object.entries(WITHOUT_ADAPTER)) {
  Deno.test(`${name} without an adapter is an error in words`, async () => {
    const printed = await withPermissions(
      ["--allow-read", "--allow-env"],
      `Object.defineProperty(navigator, "gpu", { value: { requestAdapter: () => Promise.resolve(null) } });
      await openBackend("${name}").catch((error) => console.log(error.name, error.message));`,
    );
    assert.match(printed, message);
  });
}

Deno.test("wasm leaves the global Worker as it was", async () => {
  const before = globalThis.Worker;
  const backend = await openBackend("wasm");
  const x = input("x", ["n"]);
  const program = { name: "double", inputs: [x], state: [], outputs: { y: times(x, 2) } };
  for (let i = 0; i < 2; i++) {
    const executable = await backend.load(program);
    assert.equal(globalThis.Worker, before);
    const { y } = await executable.run({ x: { data: Float32Array.of(1, 2), shape: [2] } });
    assert.deepEqual([...y.data], [2, 4]);
  }
  await backend.close();
});
