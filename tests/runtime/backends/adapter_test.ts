import assert from "node:assert/strict";

const MODULE = new URL("../../../runtime/backends/adapter.ts", import.meta.url).href;

Deno.test("requestAdapter() is silent without a display, and leaves the environment as it was", async () => {
  const code = `import { requestAdapter } from "${MODULE}";
    const names = () => Object.keys(Deno.env.toObject()).sort().join();
    const before = names();
    await requestAdapter();
    console.log(names() === before);`;
  const { HOME, PATH, DENO_DIR } = Deno.env.toObject();
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    env: { NO_COLOR: "1", HOME, PATH, ...(DENO_DIR === undefined ? {} : { DENO_DIR }) },
    clearEnv: true,
  }).output();
  const text = new TextDecoder();
  assert.equal(text.decode(stdout), "true\n");
  assert.doesNotMatch(text.decode(stderr), /XDG_RUNTIME_DIR/);
});
