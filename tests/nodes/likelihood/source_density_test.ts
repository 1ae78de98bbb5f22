import assert from "node:assert/strict";
import { evaluate, input } from "../../../graph/mod.ts";
import { sourceDensity } from "../../../nodes/likelihood/mod.ts";
import { distributionOf, type DistributionSpec } from "../../../runtime/data/distributions/mod.ts";

const DISTRIBUTIONS: readonly DistributionSpec[] = [
  { kind: "gaussian", dim: 3, mean: [1, -2, 0], scale: [0.5, 2, 1] },
  { kind: "gaussian", dim: 2, mean: 0, scale: 1 },
  { kind: "uniform", dim: 2, low: -1, high: [0.5, 2] },
  {
    kind: "gaussianMixture",
    weights: [0.2, 0.8],
    means: [[0, 1], [-3, 2]],
    covariances: [[[1, 0.6], [0.6, 0.5]], [[2, -0.3], [-0.3, 1]]],
  },
  { kind: "eightGaussians", radius: 4, noise: 0.3 },
  { kind: "eightGaussians", radius: 4, noise: 0 },
  { kind: "checkerboard", cells: 4, extent: 4 },
  { kind: "twoMoons", noise: 0.1, smear: "gaussian", scale: 1, shift: 0 },
];

for (const spec of DISTRIBUTIONS) {
  Deno.test(`sourceDensity() of ${JSON.stringify(spec)} is the density that samples are drawn from`, () => {
    const { dim, density, sample } = distributionOf(spec);
    const expression = sourceDensity(spec, dim);
    assert.equal(expression === null, density === null);
    if (expression === null || density === null) return;
    const inside = sample(50, { seed: 1, stream: "test", step: 0 });
    const around = Float32Array.from(inside, (value, i) => 3 * value + (i % 7) - 3); // on the support and off it
    const data = Float32Array.from([...inside, ...around]);
    const shape = [data.length / dim, dim];
    const [found] = evaluate([expression(input("x", ["n", dim]))], { x: { data, shape } });
    assert.deepEqual(found.shape, [shape[0]]);
    density.logDensity({ data, shape }).forEach((value, i) => {
      if (value === -Infinity) assert.equal(found.data[i], -Infinity);
      else assert.ok(Math.abs(found.data[i] - value) < 1e-9 * (1 + Math.abs(value)));
    });
  });
}
