import assert from "node:assert/strict";
import { logDeterminant, standardize, unstandardize } from "../../../runtime/data/mod.ts";

const MAP = { mean: Float64Array.of(10, -1), scale: Float64Array.of(4, 0.5) };

Deno.test("unstandardize() undoes standardize()", () => {
  const x = { data: Float32Array.of(10, -1, 14, -2), shape: [2, 2] };
  const z = standardize(x, MAP);
  assert.deepEqual([...z.data], [0, 0, 1, -2]);
  assert.deepEqual(unstandardize(z, MAP), x);
});

Deno.test("logDeterminant() is the sum of the log scales", () => {
  assert.equal(logDeterminant(MAP), Math.log(2));
  assert.equal(logDeterminant(null), 0);
});

Deno.test("without a standardisation nothing changes", () => {
  const x = { data: Float32Array.of(1, 2, 3), shape: [1, 3] };
  assert.equal(standardize(x, null), x);
  assert.equal(unstandardize(x, null), x);
});

Deno.test("standardize() rejects rows of another length", () => {
  assert.throws(() => standardize({ data: new Float32Array(3), shape: [1, 3] }, MAP), {
    name: "RangeError",
    message: "Cannot standardise [1,3] with 2 columns",
  });
});
