import assert from "node:assert/strict";
import { fromJson, toJson } from "../../runtime/json.ts";

Deno.test("fromJson() reads back what toJson() wrote: numbers that JSON lacks, and texts of their wording", () => {
  const value = {
    numbers: [1.5, NaN, Infinity, -Infinity],
    texts: ["NaN", "-Infinity", "\\\\Infinity", "\\\\", "a NaN", ""],
    deep: { name: "Infinity", none: null },
  };
  assert.deepEqual(fromJson(toJson(value)), value);
  assert.equal(toJson([NaN, "NaN", "nan"]), '["NaN","\\\\NaN","nan"]');
});
