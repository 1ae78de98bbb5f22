import assert from "node:assert/strict";
import { data } from "../../../../dsl/mod.ts";
import {
  distributionOf,
  DISTRIBUTIONS,
  type DistributionSpec,
} from "../../../../runtime/data/distributions/mod.ts";

const AT = { seed: 11, stream: "distribution", step: 3 };
const N = 40_000;

/** A spec and what is known of its law in closed form; a case per variant, at least one per kind. */
interface Case {
  readonly name: string;
  readonly spec: DistributionSpec;
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

/** Mean and covariance of (f(t), g(t)) for uniform t, by the midpoint rule. */
function curveMoments(
  point: (t: number) => readonly [number, number],
  [from, to]: readonly [number, number],
): { mean: [number, number]; xx: number; xy: number; zz: number } {
  const points = Array.from(
    { length: 20_000 },
    (_, k) => point(from + (to - from) * (k + 0.5) / 2e4),
  );
  const average = (of: (p: readonly [number, number]) => number) =>
    points.reduce((sum, p) => sum + of(p), 0) / points.length;
  const mean: [number, number] = [average(([x]) => x), average(([, z]) => z)];
  return {
    mean,
    xx: average(([x]) => (x - mean[0]) ** 2),
    xy: average(([x, z]) => (x - mean[0]) * (z - mean[1])),
    zz: average(([, z]) => (z - mean[1]) ** 2),
  };
}

const roll = curveMoments((t) => [t * Math.cos(t) / 5, t * Math.sin(t) / 5], [
  1.5 * Math.PI,
  4.5 * Math.PI,
]);
const ess = curveMoments((t) => [Math.sin(t), Math.sign(t) * (Math.cos(t) - 1)], [
  -1.5 * Math.PI,
  1.5 * Math.PI,
]);
/** Before scaling: half circles have E sin = 2 / pi, E sin^2 = E cos^2 = 1 / 2. */
const moons = { xx: 3 / 4, xy: 1 / 8 - 1 / Math.PI, yy: 9 / 16 - 1 / Math.PI };
const diagonal = 0.2 ** 2 / 12; // variance of a uniform number on [0, 0.2]

const cases: { readonly [K in DistributionSpec["kind"]]: readonly Omit<Case, "name">[] } = {
  gaussian: [{
    spec: { kind: "gaussian", dim: 2, mean: [1, -2], scale: 0.5 },
    mean: [1, -2],
    covariance: [[0.25, 0], [0, 0.25]],
  }],
  uniform: [{
    spec: { kind: "uniform", dim: 2, low: -1, high: [1, 5] },
    mean: [0, 2],
    covariance: [[1 / 3, 0], [0, 3]],
  }],
  twoMoons: [
    {
      spec: { kind: "twoMoons", noise: 0.1, smear: "gaussian", scale: 3, shift: -1 },
      mean: [3 / 2 - 1, 3 / 4 - 1],
      covariance: [[9 * (moons.xx + 0.01), 9 * moons.xy], [9 * moons.xy, 9 * (moons.yy + 0.01)]],
    },
    {
      // sample_moons of torchcfm
      spec: { kind: "twoMoons", noise: 0.2, smear: "diagonal", scale: 3, shift: -1 },
      mean: [3 * 0.6 - 1, 3 * 0.35 - 1],
      covariance: [
        [9 * (moons.xx + diagonal), 9 * (moons.xy + diagonal)],
        [9 * (moons.xy + diagonal), 9 * (moons.yy + diagonal)],
      ],
    },
  ],
  eightGaussians: [
    {
      spec: { kind: "eightGaussians", radius: 5, noise: 0.1 ** 0.25 },
      mean: [0, 0],
      covariance: [[12.5 + Math.sqrt(0.1), 0], [0, 12.5 + Math.sqrt(0.1)]],
    },
    {
      spec: { kind: "eightGaussians", radius: 2, noise: 0 },
      mean: [0, 0],
      covariance: [[2, 0], [0, 2]],
    },
  ],
  checkerboard: [
    {
      spec: { kind: "checkerboard", cells: 4, extent: 4 },
      mean: [0, 0],
      covariance: [[16 / 3, 1], [1, 16 / 3]],
    },
    {
      // Two squares of side 3: opposite corners of the board.
      spec: { kind: "checkerboard", cells: 2, extent: 3 },
      mean: [0, 0],
      covariance: [[3, 9 / 4], [9 / 4, 3]],
    },
  ],
  pinwheel: [{
    // Five arms make the covariance round: half the mean square of r and s, times 2^2.
    spec: { kind: "pinwheel", arms: 5, radial: 0.3, tangential: 0.1, rate: 0.25 },
    mean: [0, 0],
    covariance: [[2 * (1 + 0.09 + 0.01), 0], [0, 2 * (1 + 0.09 + 0.01)]],
  }],
  swissRoll: [
    {
      spec: { kind: "swissRoll", noise: 1, dim: 2 },
      mean: roll.mean,
      covariance: [[roll.xx + 0.04, roll.xy], [roll.xy, roll.zz + 0.04]],
    },
    {
      spec: { kind: "swissRoll", noise: 0, dim: 3 },
      mean: [roll.mean[0], 2.1, roll.mean[1]],
      covariance: [[roll.xx, 0, roll.xy], [0, 4.2 ** 2 / 12, 0], [roll.xy, 0, roll.zz]],
    },
  ],
  sCurve: [
    {
      spec: { kind: "sCurve", noise: 0.1, dim: 2 },
      mean: ess.mean,
      covariance: [[ess.xx + 0.01, ess.xy], [ess.xy, ess.zz + 0.01]],
    },
    {
      spec: { kind: "sCurve", noise: 0, dim: 3 },
      mean: [ess.mean[0], 1, ess.mean[1]],
      covariance: [[ess.xx, 0, ess.xy], [0, 1 / 3, 0], [ess.xy, 0, ess.zz]],
    },
  ],
  circles: [{
    spec: { kind: "circles", noise: 0.08, factor: 0.5 },
    mean: [0, 0],
    covariance: [[9 * (1.25 / 4 + 0.0064), 0], [0, 9 * (1.25 / 4 + 0.0064)]],
  }],
  gaussianMixture: [{
    spec: {
      kind: "gaussianMixture",
      weights: [0.25, 0.75],
      means: [[-2, 0], [2, 4]],
      covariances: [[[1, 0.5], [0.5, 2]], [[0.25, 0], [0, 0.5]]],
    },
    mean: [1, 3],
    covariance: [[3 + 0.4375, 3 + 0.125 + 3 - 3], [3.125, 3 + 0.875]],
  }],
};

const CASES: readonly Case[] = Object.values(cases).flat().map((c) => ({
  ...c,
  name: JSON.stringify(c.spec).slice(0, 70),
}));

Deno.test("every distribution has a case", () => {
  assert.deepEqual(Object.keys(cases), Object.keys(DISTRIBUTIONS));
});

for (const { name, spec, mean, covariance } of CASES) {
  const distribution = distributionOf(spec);
  const { dim, density } = distribution;

  Deno.test(`${name} has the mean and covariance of its law`, () => {
    const x = distribution.sample(N, AT);
    /** The sample mean of a function of a row agrees within five of its standard errors. */
    const agrees = (of: (row: Float32Array) => number, expected: number, what: string) => {
      let [sum, squares] = [0, 0];
      for (let row = 0; row < N; row++) {
        const value = of(x.subarray(row * dim, (row + 1) * dim));
        sum += value;
        squares += value * value;
      }
      const average = sum / N;
      const error = Math.sqrt((squares / N - average ** 2) / N);
      const distance = Math.abs(average - expected) / error;
      assert.ok(distance < 5, `${what}: ${average}, not ${expected}: ${distance} standard errors`);
    };
    assert.equal(mean.length, dim);
    for (let i = 0; i < dim; i++) {
      agrees((row) => row[i], mean[i], `mean[${i}]`);
      for (let j = 0; j <= i; j++) {
        agrees(
          (row) => (row[i] - mean[i]) * (row[j] - mean[j]),
          covariance[i][j],
          `covariance[${i}][${j}]`,
        );
      }
    }
  });

  Deno.test(`${name} draws a row whatever the number of rows, and afresh at each address`, () => {
    assert.deepEqual(distribution.sample(9, AT).slice(0, 5 * dim), distribution.sample(5, AT));
    for (const other of [{ step: 4 }, { seed: 12 }, { stream: "other" }]) {
      assert.notDeepEqual(distribution.sample(5, { ...AT, ...other }), distribution.sample(5, AT));
    }
  });

  if (density !== null) {
    Deno.test(`${name} has a density that integrates to 1 and is that of its samples`, () => {
      // Midpoint rule on a grid over the mean +- 8 standard deviations, or the box that holds it all.
      const side = 480;
      const half = [0, 1].map((i) => 8 * Math.sqrt(covariance[i][i]));
      const grid = new Float32Array(2 * side * side);
      for (let k = 0; k < side * side; k++) {
        grid[2 * k] = mean[0] + half[0] * (2 * (k % side + 0.5) / side - 1);
        grid[2 * k + 1] = mean[1] + half[1] * (2 * (Math.floor(k / side) + 0.5) / side - 1);
      }
      const cell = 4 * half[0] * half[1] / (side * side);
      let [mass, entropy] = [0, 0];
      for (const log of density.logDensity({ data: grid, shape: [side * side, 2] })) {
        if (log === -Infinity) continue;
        mass += Math.exp(log) * cell;
        entropy -= Math.exp(log) * log * cell;
      }
      // A jump along an edge costs the rule up to one cell's width of it: 16 / 480 of a box's sides.
      assert.ok(Math.abs(mass - 1) < 0.02, `mass ${mass}`);
      const logs = density.logDensity({ data: distribution.sample(N, AT), shape: [N, 2] });
      const average = -logs.reduce((sum, log) => sum + log, 0) / N;
      const spread = logs.reduce((sum, log) => sum + (log + average) ** 2, 0) / N;
      const tolerance = 5 * Math.sqrt(spread / N) + 0.02 * Math.abs(entropy) + 1e-9;
      assert.ok(
        Math.abs(average - entropy / mass) < tolerance,
        `${average}, not ${entropy / mass}`,
      );
    });
  }
}

Deno.test("eightGaussians has no density when its Gaussians are points", () => {
  assert.equal(distributionOf({ kind: "eightGaussians", radius: 2, noise: 0 }).density, null);
});

Deno.test("densities have their closed-form values", () => {
  const at = (spec: DistributionSpec, x: number[]) =>
    distributionOf(spec).density!.logDensity({ data: Float32Array.from(x), shape: [1, 2] })[0];
  const board: DistributionSpec = { kind: "checkerboard", cells: 4, extent: 4 };
  assert.equal(at(board, [-3, -3]), -Math.log(32));
  assert.equal(at(board, [-1, -3]), -Infinity);
  assert.equal(at(board, [5, 5]), -Infinity);
  const box: DistributionSpec = { kind: "uniform", dim: 2, low: 0, high: 0.1 };
  assert.equal(at(box, [0.05, 0.1]), -2 * Math.log(0.1));
  assert.equal(at(box, [0.05, 0.2]), -Infinity);
  const far = at({ kind: "eightGaussians", radius: 1, noise: 1 }, [100, 0]); // no underflow
  assert.ok(far > -5000 && far < -4800);
});

Deno.test("gaussianMixture() rejects sizes that disagree and covariances that are none", () => {
  const make = (changes: object) => () =>
    distributionOf({
      kind: "gaussianMixture",
      weights: [0.5, 0.5],
      means: [[0, 0], [1, 1]],
      covariances: [[[1, 0], [0, 1]], [[1, 0], [0, 1]]],
      ...changes,
    });
  const rejects = (changes: object, field: string, message: RegExp) =>
    assert.throws(make(changes), { name: "InputError", field, message });
  rejects({ weights: [1] }, "weights", /found 1 weights, 2 means and 2 covariances/);
  rejects({ means: [[0, 0], [1]] }, "means[1]", /means\[0\] has 2 coordinates, means\[1\] has 1/);
  rejects({ covariances: [[[1]], [[1]]] }, "covariances[0]", /must be 2 x 2/);
  rejects(
    { covariances: [[[1, 0], [0, 1]], [[1, 0.5], [0.4, 1]]] },
    "covariances[1]",
    /symmetric: entry \[1\]\[0\] is 0\.4, entry \[0\]\[1\] is 0\.5/,
  );
  rejects(
    { covariances: [[[1, 2], [2, 1]], [[1, 0], [0, 1]]] },
    "covariances[0]",
    /positive definite/,
  );
});

Deno.test("gaussianMixture() takes a covariance that is symmetric up to rounding, as specs do", () => {
  const [there, back] = [0.1 + 0.2, 0.3]; // they differ in the last bit
  const spec = data.gaussianMixture({ means: [[0, 0]], covariances: [[[1, there], [back, 1]]] });
  const { density } = distributionOf(spec as DistributionSpec);
  const origin = { data: new Float32Array(2), shape: [1, 2] };
  const exact = -Math.log(2 * Math.PI) - 0.5 * Math.log(1 - 0.3 ** 2);
  assert.ok(Math.abs(density!.logDensity(origin)[0] - exact) < 1e-14);
});

Deno.test("gaussian() and uniform() reject a list of another length than their dim", () => {
  assert.throws(
    () => distributionOf({ kind: "gaussian", dim: 2, mean: [1, 2, 3], scale: 1 }),
    { name: "InputError", field: "mean", message: /each of the 2 coordinates: found 3/ },
  );
});
