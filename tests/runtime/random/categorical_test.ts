import assert from "node:assert/strict";
import { categorical } from "../../../runtime/random/mod.ts";

const AT = { seed: 4, stream: "categorical", step: 0 };

Deno.test("categorical() meets its weights, whatever they sum to", () => {
  const weights = [1, 0, 3, 2, 0, 4, 0];
  const count = 50_000;
  const counts = new Float64Array(weights.length);
  for (const k of categorical({ weights, count }, AT)) counts[k]++;
  weights.forEach((weight, k) => {
    const p = weight / 10;
    const tolerance = 5 * Math.sqrt(count * p * (1 - p)); // five standard errors
    assert.ok(Math.abs(counts[k] - count * p) <= tolerance, `category ${k}: ${counts[k]}`);
  });
});

Deno.test("categorical() rejects weights that are not probabilities", () => {
  const draw = (weights: number[]) => () => categorical({ weights, count: 1 }, AT);
  assert.throws(draw([1, -1]), { name: "RangeError", message: /weight 1 is -1/ });
  assert.throws(draw([NaN]), { name: "RangeError", message: /weight 0 is NaN/ });
  assert.throws(draw([0, 0]), { name: "RangeError", message: /all weights are zero/ });
});
