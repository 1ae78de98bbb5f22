import assert from "node:assert/strict";

const MODULE = new URL("../../../runtime/backends/adapter.ts", import.meta.url).href;

/** Asks for a GPU in a process without a display, with these permissions, and gives what it wrote. */
async function ask(permissions: readonly string[], code: string): Promise<[string, string]> {
  const { HOME, PATH, DENO_DIR } = Deno.env.toObject();
  const program = `import { requestAdapter } from "${MODULE}"; ${code}`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-config", "--no-check", "--no-prompt", ...permissions],
      `data:application/typescript,${encodeURIComponent(program)}`,
    ],
    env: { NO_COLOR: "1", HOME, PATH, ...(DENO_DIR === undefined ? {} : { DENO_DIR }) },
    clearEnv: true,
  }).output();
  const text = new TextDecoder();
  return [text.decode(stdout), text.decode(stderr)];
}

Deno.test("requestAdapter() is silent without a display, and leaves the environment as it was", async () => {
  const [out, err] = await ask(
    ["--allow-read", "--allow-import", "--allow-env"],
    `const names = () => Object.keys(Deno.env.toObject()).sort().join();
    const before = names();
    await requestAdapter();
    console.log(names() === before);`,
  );
  assert.equal(out, "true\n");
  assert.doesNotMatch(err, /XDG_RUNTIME_DIR/);
});

Deno.test("requestAdapter() is silent where native code is permitted and the environment is not", async () => {
  const [out, err] = await ask(
    ["--allow-read", "--allow-import", "--allow-ffi"],
    `await requestAdapter();
    const { symbols } = Deno.dlopen("libc.so.6", { getenv: { parameters: ["buffer"], result: "pointer" } });
    console.log(symbols.getenv(new TextEncoder().encode("XDG_RUNTIME_DIR\\0")));`,
  );
  assert.doesNotMatch(err, /XDG_RUNTIME_DIR/);
  if (Deno.build.os === "linux") assert.equal(out, "null\n", err);
});
