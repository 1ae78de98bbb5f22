import assert from "node:assert/strict";
import { NO_ADAPTER } from "./adapter.ts";
import { openBackend } from "../runtime/backends/mod.ts";

Deno.test({
  name: "webgpu and tfjs are tested: WebGPU has an adapter" +
    (NO_ADAPTER
      ? " (on Linux, `apt-get install libvulkan1 mesa-vulkan-drivers` brings one that runs on the processor)"
      : ""),
  ignore: NO_ADAPTER,
  fn: async () => {
    for (const name of ["webgpu", "tfjs"] as const) await (await openBackend(name)).close();
  },
});

/** What the tests of the GPU come to on a machine that has none. */
async function withoutAdapter(env: Readonly<Record<string, string>>): Promise<string> {
  const { CI: _, ...inherited } = Deno.env.toObject();
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "-A",
      "--no-check",
      ...["adapter_test.ts", "runtime/backends/webgpu/bits_test.ts"].map((path) =>
        new URL(path, import.meta.url).pathname
      ),
      "--filter=/WebGPU has an adapter|webgpu draws/",
    ],
    env: {
      ...inherited,
      NO_COLOR: "1",
      DENO_WEBGPU_BACKEND: "vulkan",
      VK_DRIVER_FILES: "/nonexistent",
      VK_ICD_FILENAMES: "/nonexistent", // what older loaders call it
      ...env,
    },
    clearEnv: true,
  }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("tests of the GPU fail where CI is set and there is no adapter", async () => {
  const said = await withoutAdapter({ CI: "true" });
  assert.match(said, /Cannot open the backend webgpu: there is no GPU with a driver/);
  assert.match(said, /FAILED \| 0 passed \| 2 failed/);
});

Deno.test("tests of the GPU are skipped elsewhere, and one says what to install", async () => {
  const said = await withoutAdapter({});
  assert.match(said, /apt-get install libvulkan1 mesa-vulkan-drivers`.*ignored/);
  assert.match(said, /ok \| 0 passed \| 0 failed \| 2 ignored/);
});
