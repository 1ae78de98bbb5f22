import assert from "node:assert/strict";
import { trainedDigest } from "./bits.ts";

/** The digest in a process of its own: threads of WebAssembly are settled once for a process. */
async function digestElsewhere(backend: string, threads: number): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      new URL("./bits.ts", import.meta.url).href,
      backend,
      `${threads}`,
    ],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("cpu trains to the same bits with 1 and 2 threads", async () => {
  assert.equal(await trainedDigest("cpu", 1), await trainedDigest("cpu", 2));
});

Deno.test("wasm trains to the same bits with 1 and 2 threads, on every machine", async () => {
  const digests = await Promise.all([1, 2].map((threads) => digestElsewhere("wasm", threads)));
  assert.deepEqual(digests, [WASM, WASM]);
});

/** Of ONNX Runtime 1.30.0: another version may round otherwise, and then this line moves with it. */
const WASM = "0f347f4862143718d20906b923e197f23aab6193789736acf01954d221ec8c4c";
