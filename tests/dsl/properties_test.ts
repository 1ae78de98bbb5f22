import assert from "node:assert/strict";
import { data, dimensionOf, hasDensity, parse, source } from "../../dsl/mod.ts";

Deno.test("dimensionOf() knows every toy", () => {
  for (const kind of ["twoMoons", "eightGaussians", "checkerboard", "pinwheel", "circles"]) {
    assert.equal(dimensionOf(parse({ target: { kind } }).target), 2, kind);
  }
  assert.equal(dimensionOf(data.swissRoll()), 3);
  assert.equal(dimensionOf(data.sCurve({ dim: 2 })), 2);
  assert.equal(dimensionOf(data.gaussianMixture({ means: [[0, 0, 0, 0]] })), 4);
});

Deno.test("dimensionOf() a table is that of its columns, where they are named", () => {
  assert.equal(dimensionOf(data.csv({ path: "a.csv", columns: ["a"] })), 1);
  assert.equal(dimensionOf(data.parquet({ path: "a.parquet" })), null);
});

Deno.test("hasDensity() is true of Gaussians, mixtures and boxes alone", () => {
  assert.ok(hasDensity(source.uniform()) && hasDensity(data.gaussianMixture({ means: [[0]] })));
  assert.ok(!hasDensity(data.eightGaussians()) && !hasDensity(data.npy({ path: "a.npy" })));
});
