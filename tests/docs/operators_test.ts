import assert from "node:assert/strict";
import { OPSETS } from "../../runtime/onnx_import/model_file.ts";
import { SUPPORTED } from "../../runtime/onnx_import/mod.ts";

Deno.test("docs/import.md lists the operators and opsets that are read", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/import.md", import.meta.url));
  const [, operators] = text.split("## Operators");
  assert.deepEqual([...operators.matchAll(/`(\w+)`/g)].map(([, name]) => name), [...SUPPORTED]);
  assert.ok(text.includes(`Opset ${OPSETS.oldest} to ${OPSETS.newest}`));
});
