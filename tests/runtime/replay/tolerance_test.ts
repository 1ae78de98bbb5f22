import assert from "node:assert/strict";
import { toleranceOf } from "../../../runtime/replay/tolerance.ts";

const of = (value: number, standardError: number | null): number =>
  toleranceOf({ name: "w", unit: "x", lowerIsBetter: true, value, standardError });

Deno.test("a metric may move by its standard error, or by a part of its value", () => {
  assert.equal(of(0.2, 0.01), 0.01);
  assert.equal(of(-2, null), 0.02);
  assert.equal(of(5, 0), 5e-4);
  assert.deepEqual([NaN, Infinity].map((value) => of(value, null)), [0, 0]);
});
