import assert from "node:assert/strict";
import {
  constant,
  evaluate,
  type Expression,
  input,
  matmul,
  plus,
  print,
  simplify,
  sin,
  times,
} from "../../../graph/mod.ts";
import { INTERPOLANTS } from "../../../nodes/interpolant/mod.ts";
import {
  augmented,
  exactDivergence,
  hutchinsonDivergence,
  signs,
} from "../../../nodes/likelihood/mod.ts";
import { gaussianMixture } from "../../../nodes/velocity/mod.ts";
import { distributionOf, type DistributionSpec } from "../../../runtime/data/distributions/mod.ts";
import { type Field, solve, SOLVERS } from "../../../solvers/ode/mod.ts";
import { distance, solved } from "../../solvers/ode/problems.ts";

const step = {
  kind: "adaptive",
  rtol: 1e-9,
  atol: 1e-9,
  maxSteps: 2000,
  control: "sample",
} as const;
const solver = { method: SOLVERS.dopri5, step };
// Points of a density are float32: rounding one by 1e-7 changes log p by some 1e-6.
type Distribution = Extract<DistributionSpec, { kind: "gaussian" | "gaussianMixture" }>;
const standard = { kind: "gaussian", dim: 2, mean: 0, scale: 1 } as const;

/** log p(x) under a flow and the encoded points, in the float64 reference interpreter. */
function likelihoodOf(
  field: Field,
  points: readonly (readonly number[])[],
  from: Distribution = standard,
  tolerances: { readonly rtol?: number; readonly atol?: number } = {},
): { logDensity: number[]; encoded: number[][] } {
  const { x } = solved(augmented(field), points.map((point) => [...point, 0]), {
    method: SOLVERS.dopri5,
    step: { ...step, ...tolerances },
    from: 1,
    to: 0,
  });
  const encoded = x.map((row) => row.slice(0, -1));
  const density = densityAt(from, encoded);
  return { logDensity: x.map((row, i) => density[i] + row.at(-1)!), encoded };
}

/** log density of a distribution at points. */
function densityAt(spec: Distribution, points: readonly (readonly number[])[]): number[] {
  const { density } = distributionOf(spec);
  const shape = [points.length, points[0].length];
  return [...density!.logDensity({ data: Float32Array.from(points.flat()), shape })];
}

for (const dim of [1, 2, 8, 9, 48]) { // directions are written out up to 8; 48 is an image of [3, 4, 4], flattened
  Deno.test(`exactDivergence() in ${dim} dimensions is the trace of the Jacobian`, () => {
    const matrix = Array.from({ length: dim * dim }, (_, i) => Math.sin(1 + 2.3 * i));
    const w = constant(matrix, [dim, dim]);
    const field: Field = (t, x) => plus(times(t, x), sin(matmul(x, w)));
    const x = input("x", ["n", dim]);
    const { divergence } = exactDivergence(field, input("t", [1, 1]), x);
    const data = Array.from({ length: 2 * dim }, (_, i) => Math.cos(i));
    const [found] = evaluate([divergence], {
      t: { data: [0.4], shape: [1, 1] },
      x: { data, shape: [2, dim] },
    });
    assert.deepEqual(found.shape, [2, 1]);
    [0, 1].forEach((row) => {
      const wanted = Array.from({ length: dim }, (_, j) => {
        const u = matrix.reduce(
          (s, m, k) => k % dim === j ? s + m * data[row * dim + Math.floor(k / dim)] : s,
          0,
        );
        return 0.4 + Math.cos(u) * matrix[j * dim + j];
      }).reduce((a, b) => a + b, 0);
      assert.ok(
        Math.abs(found.data[row] - wanted) < 1e-12 * dim,
        `${found.data[row]} and ${wanted}`,
      );
    });
  });
}

Deno.test("augmented() of a linear field is the Gaussian it makes", () => {
  // dx/dt = x A with A = [[0.3, 1], [0, -0.8]]: z N(0, I) becomes N(0, E^T E), E = exp(A), and the trace is -0.5.
  const A = [0.3, 1, 0, -0.8];
  const field: Field = (_t, x) => matmul(x, constant(A, [2, 2]));
  const E = [Math.exp(0.3), (Math.exp(0.3) - Math.exp(-0.8)) / 1.1, 0, Math.exp(-0.8)];
  const C = [[E[0] * E[0], E[0] * E[1]], [E[0] * E[1], E[1] * E[1] + E[3] * E[3]]];
  const gaussian = {
    kind: "gaussianMixture",
    weights: [1],
    means: [[0, 0]],
    covariances: [C],
  } as const;
  const points = [[0, 0], [1, -0.5], [-2, 0.3]];
  const wanted = densityAt(gaussian, points);
  const { logDensity } = likelihoodOf(field, points);
  logDensity.forEach((p, i) => assert.ok(Math.abs(p - wanted[i]) < 2e-6, `${p} and ${wanted[i]}`));
  assert.ok(Math.abs(logDensity[0] - (0.5 - Math.log(2 * Math.PI))) < 1e-7); // log det E = -0.5
});

const target = {
  kind: "gaussianMixture",
  weights: [0.3, 0.7],
  means: [[1.5, 0], [-1, 0.5]],
  covariances: [[[0.3, 0.1], [0.1, 0.2]], [[0.25, -0.1], [-0.1, 0.4]]],
} as const;
const source = { kind: "gaussian", dim: 2, mean: [0.2, 0], scale: [1, 1.3] } as const;
const points = [[0, 0], [1.5, 0.1], [-1, 1], [3, -2], [-2.5, 0]];

for (const [name, interpolant] of Object.entries(INTERPOLANTS)) {
  const velocity = gaussianMixture({ source, target, interpolant, dim: 2 });
  const field = (t: Expression, x: Expression): Expression => velocity.apply([], t, x);

  Deno.test(`augmented() of a mixture's ${name} flow is the mixture's log density`, () => {
    const wanted = densityAt(target, points);
    const { logDensity, encoded } = likelihoodOf(field, points, source);
    logDensity.forEach((p, i) =>
      assert.ok(Math.abs(p - wanted[i]) < 2e-6, `${p} and ${wanted[i]}`)
    );
    const back = solved(field, encoded, { ...solver, from: 0, to: 1 }).x;
    back.forEach((x, i) => assert.ok(distance(x, points[i]) < 1e-6, "decoding undoes encoding"));
  });
}

Deno.test("augmented() needs no absolute tolerance, though its last component starts at 0", () => {
  const velocity = gaussianMixture({ source, target, interpolant: INTERPOLANTS.linear, dim: 2 });
  const wanted = densityAt(target, points);
  const { logDensity } = likelihoodOf((t, x) => velocity.apply([], t, x), points, source, {
    atol: 0,
  });
  logDensity.forEach((p, i) => assert.ok(Math.abs(p - wanted[i]) < 1e-5, `${p} and ${wanted[i]}`));
});

Deno.test("augmented() asks no divergence of a stage that has no weight, and changes nothing by that", () => {
  const field: Field = (t, x) =>
    matmul(sin(plus(matmul(x, constant([1, 2, -1, 0.5], [2, 2])), t)), input("w", [2, 2]));
  const quadrature = augmented(field);
  const plain: Field = (t, x) => quadrature(t, x); // without word of what it depends on
  const taken = (field: Field): Expression =>
    simplify([
      solve(field, input("x", ["n", 3]), {
        method: SOLVERS.dopri5,
        step: { kind: "fixed", steps: 1 },
        from: 1,
        to: 0,
      }).x,
    ])[0];
  const products = (y: Expression): number => print(y).match(/matmul/g)!.length;
  // The stage's derivative is two products, one for each direction.
  assert.equal(products(taken(plain)) - products(taken(quadrature)), 2);
  const values = {
    x: { data: [0.3, -1, 0, 2, 0.1, 0], shape: [2, 3] },
    w: { data: [1, -0.4, 0.2, 2], shape: [2, 2] },
  };
  assert.deepEqual(evaluate([taken(quadrature)], values), evaluate([taken(plain)], values));
});

Deno.test("augmented() gives densities that integrate to 1 over the plane", () => {
  const velocity = gaussianMixture({ source, target, interpolant: INTERPOLANTS.linear, dim: 2 });
  const h = 0.25; // a sum over a grid is exact for a smooth density that is wide against h
  const grid = Array.from(
    { length: 33 * 25 },
    (_, k) => [-4 + h * (k % 33), -3 + h * Math.floor(k / 33)],
  );
  const { logDensity } = likelihoodOf((t, x) => velocity.apply([], t, x), grid, source, {
    rtol: 1e-5,
    atol: 1e-5,
  });
  const total = logDensity.reduce((s, p) => s + Math.exp(p) * h * h, 0);
  assert.ok(Math.abs(total - 1) < 1e-3, `${total}`);
});

Deno.test("hutchinsonDivergence() is unbiased: its mean over probes is the trace of the Jacobian", () => {
  const matrix = [1, 2, -1, 0.5, 3, 1, 2, 0, -2];
  const field: Field = (_t, x) => matmul(x, constant(matrix, [3, 3]));
  const rows = 4000;
  const probe = signs({ seed: 1, shape: ["n", 3] }, input("draw", [], "i32"));
  const [t, x] = [input("t", [1, 1]), input("x", ["n", 3])];
  const { velocity, divergence } = hutchinsonDivergence(probe)(field, t, x);
  const estimate = (draw: number): Float64Array =>
    evaluate([divergence, velocity], { // the velocity carries the number of points
      x: { data: new Float64Array(3 * rows), shape: [rows, 3] },
      draw: { data: [draw], shape: [] },
    })[0].data;
  const first = estimate(0);
  const mean = first.reduce((a, b) => a + b, 0) / rows;
  // The estimate's variance is the sum of squares of the symmetric off-diagonal part, below 10: five standard errors.
  assert.ok(Math.abs(mean - 2) < 5 * Math.sqrt(10 / rows), `mean ${mean} for 2`);
  assert.deepEqual(estimate(0), first);
  assert.notDeepEqual(estimate(1), first);
  assert.deepEqual(velocity.shape, ["n", 3]);
});

Deno.test("hutchinsonDivergence() is exact where coordinates do not mix, whatever the probe", () => {
  const field: Field = (_t, x) => times(x, constant([1, -3], [1, 2]));
  const probe = signs({ seed: 1, shape: ["n", 2] }, 0);
  const { velocity, divergence } = hutchinsonDivergence(probe)(
    field,
    input("t", [1, 1]),
    input("x", ["n", 2]),
  );
  const [{ data }] = evaluate([divergence, velocity], {
    x: { data: new Float64Array(20), shape: [10, 2] },
  });
  assert.ok(data.every((value) => value === -2));
});
