import assert from "node:assert/strict";
import { data, dimensionOf, hasDensity, parse, source } from "../../dsl/mod.ts";
import {
  distributionOf,
  DISTRIBUTIONS,
  type DistributionSpec,
} from "../../runtime/data/distributions/mod.ts";

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

Deno.test("hasDensity() is true of the distributions whose density can be evaluated, and of no others", () => {
  const specs = [
    source.gaussian({ dim: 2 }),
    source.uniform({ dim: 2 }),
    data.gaussianMixture({ means: [[0]] }),
    data.twoMoons(),
    data.eightGaussians(),
    data.eightGaussians({ noise: 0 }),
    data.checkerboard(),
    data.pinwheel(),
    data.circles(),
    data.swissRoll(),
    data.sCurve(),
  ];
  assert.deepEqual(new Set(specs.map((spec) => spec.kind)), new Set(Object.keys(DISTRIBUTIONS)));
  for (const spec of specs) {
    const { density } = distributionOf(spec as DistributionSpec);
    assert.equal(hasDensity(spec), density !== null, JSON.stringify(spec));
  }
  assert.ok(!hasDensity(data.npy({ path: "a.npy" })));
});
