import assert from "node:assert/strict";
import { stream, uniformAt } from "../../../runtime/random/mod.ts";

Deno.test("stream() draws what its address holds", () => {
  const noise = stream(5, "noise");
  const uniform = noise.uniform(3, 2);
  assert.equal(uniform[2], uniformAt({ seed: 5, stream: "noise", step: 2 }, 2));
  assert.deepEqual(noise.at(2), { seed: 5, stream: "noise", step: 2 });
  assert.deepEqual(noise.child("x").normal(4, 0), stream(5, "noise/x").normal(4, 0));
});
