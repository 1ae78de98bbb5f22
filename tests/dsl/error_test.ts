import assert from "node:assert/strict";
import { InputError } from "../../dsl/mod.ts";

Deno.test("InputError carries its field and its cause", () => {
  const cause = new Error("inner");
  const error = new InputError("outer", { field: "seed", cause });
  assert.deepEqual([error.name, error.message, error.field], ["InputError", "outer", "seed"]);
  assert.equal(error.cause, cause);
  assert.ok(error instanceof Error && !("cause" in new InputError("outer")));
});
