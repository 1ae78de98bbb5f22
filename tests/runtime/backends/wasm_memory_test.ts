import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { inFolder } from "../../in_folder.ts";

const FIXTURE = fileURLToPath(import.meta.resolve("../../fixtures/wasm_likelihood.ts"));

Deno.test("wasm: two threads come back from a run that takes much memory", () =>
  inFolder(async (folder) => {
    const { stdout, signal } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", FIXTURE, folder],
      stderr: "null",
      signal: AbortSignal.timeout(120_000), // it takes three seconds; where memory grows meanwhile, for ever
    }).output();
    assert.equal(signal, null, "it hangs");
    assert.equal(new TextDecoder().decode(stdout).trim(), "true");
  }));
