import assert from "node:assert/strict";
import { evaluate, type Expression, input } from "../../../graph/mod.ts";
import { INTERPOLANTS } from "../../../nodes/interpolant/mod.ts";
import { gaussianMixture, velocityOf } from "../../../nodes/velocity/mod.ts";
import { symmetricEigen } from "../../../nodes/velocity/symmetric_eigen.ts";
import { SOLVERS } from "../../../solvers/ode/mod.ts";
import { distance, solved } from "../../solvers/ode/problems.ts";

const source = { kind: "gaussian", dim: 2, mean: [0.5, -1], scale: [1.5, 0.5] } as const;
const target = {
  kind: "gaussianMixture",
  weights: [0.2, 0.5, 0.3],
  means: [[3, 0], [-2, 2], [0, -2]],
  covariances: [[[0.3, 0.2], [0.2, 0.4]], [[0.1, 0], [0, 0.6]], [[1, -0.4], [-0.4, 0.5]]],
} as const;

const t = input("t", ["n", 1]);
const x = input("x", ["n", 2]);

/** The velocity by the formula with matrices inverted outright. */
function byHand(
  { a, b, da, db }: { a: number; b: number; da: number; db: number },
  at: readonly number[],
): number[] {
  const [m, s] = [source.mean, source.scale.map((w) => w * w)];
  const terms = target.weights.map((weight, k) => {
    const S = target.covariances[k];
    const C = S.map((row, i) => row.map((c, j) => b * b * c + (i === j ? a * a * s[i] : 0)));
    const det = C[0][0] * C[1][1] - C[0][1] * C[1][0];
    const r = at.map((v, i) => v - a * m[i] - b * target.means[k][i]);
    const solved = [
      (C[1][1] * r[0] - C[0][1] * r[1]) / det,
      (C[0][0] * r[1] - C[1][0] * r[0]) / det,
    ];
    const density = weight * Math.exp(-(r[0] * solved[0] + r[1] * solved[1]) / 2) / Math.sqrt(det);
    const v = [0, 1].map((i) =>
      da * m[i] + db * target.means[k][i] + a * da * s[i] * solved[i] +
      b * db * (S[i][0] * solved[0] + S[i][1] * solved[1])
    );
    return { density, v };
  });
  const total = terms.reduce((sum, { density }) => sum + density, 0);
  return [0, 1].map((i) => terms.reduce((sum, { density, v }) => sum + density * v[i], 0) / total);
}

const points = [[0.3, 0.2], [-4, 1], [2, -3], [0, 0]];
const Q = Math.PI / 2;
const WEIGHTS = {
  linear: (t: number) => ({ a: 1 - t, b: t, da: -1, db: 1 }),
  trigonometric: (t: number) => ({
    a: Math.cos(Q * t),
    b: Math.sin(Q * t),
    da: -Q * Math.sin(Q * t),
    db: Q * Math.cos(Q * t),
  }),
};

for (const [name, interpolant] of Object.entries(INTERPOLANTS)) {
  const velocity = gaussianMixture({ source, target, interpolant, dim: 2 });

  Deno.test(`gaussianMixture() is the formula's velocity on the ${name} path, both ends included`, () => {
    for (const time of [0, 1e-6, 0.37, 0.999, 1]) {
      const [{ data }] = evaluate([velocity.apply([], t, x)], {
        t: { data: points.map(() => time), shape: [4, 1] },
        x: { data: points.flat(), shape: [4, 2] },
      });
      points.forEach((point, i) => {
        const wanted = byHand(WEIGHTS[name as keyof typeof WEIGHTS](time), point);
        const error = distance([data[2 * i], data[2 * i + 1]], wanted);
        assert.ok(error < 1e-11, `${error} at t = ${time}`);
      });
    }
  });
}

Deno.test("gaussianMixture() carries a sample to the same place on every path", () => {
  const field = (interpolant: keyof typeof INTERPOLANTS) => {
    const velocity = gaussianMixture({
      source: { ...source, mean: 0, scale: 1 },
      target,
      interpolant: INTERPOLANTS[interpolant],
      dim: 2,
    });
    return (t: Expression, x: Expression) => velocity.apply([], t, x);
  };
  const step = {
    kind: "adaptive",
    rtol: 1e-10,
    atol: 1e-10,
    maxSteps: 2000,
    control: "sample",
  } as const;
  const [a, b] = (["linear", "trigonometric"] as const).map((name) =>
    solved(field(name), points, { method: SOLVERS.dopri5, step }).x
  );
  a.forEach((end, i) => assert.ok(distance(end, b[i]) < 1e-7, `${end} and ${b[i]}`));
});

Deno.test("gaussianMixture() rejects what has no closed form", () => {
  const make = (change: { source?: object; target?: object }) => () =>
    gaussianMixture({
      source: { ...source, ...change.source },
      target: { ...target, ...change.target },
      interpolant: INTERPOLANTS.linear,
      dim: 2,
    });
  assert.throws(make({ source: { scale: 0 } }), {
    name: "InputError",
    message: /positive scale, found 0/,
  });
  const covariances = [...target.covariances.slice(0, 2), [[1, 2], [2, 1]]];
  assert.throws(make({ target: { covariances } }), {
    message: /component 2 must be positive definite/,
  });
});

Deno.test("velocityOf() names the source and target that do not fit", () => {
  const context = { dim: 2, seed: 0, interpolant: INTERPOLANTS.linear };
  const uniform = { kind: "uniform", dim: 2, low: 0, high: 1 } as const;
  assert.throws(
    () => velocityOf({ kind: "gaussianMixture" }, { ...context, source: uniform, target }),
    {
      name: "InputError",
      message: /found uniform and gaussianMixture/,
    },
  );
});

Deno.test("symmetricEigen() diagonalises, repeated values included", () => {
  const matrix = [[4, 1, 0, 2], [1, 3, 0, 1], [0, 0, 3, 0], [2, 1, 0, 5]];
  const { values, vectors } = symmetricEigen(matrix);
  vectors.forEach((u, k) => {
    matrix.forEach((row, i) => {
      const product = row.reduce((s, c, j) => s + c * u[j], 0);
      assert.ok(Math.abs(product - values[k] * u[i]) < 1e-13);
    });
    vectors.forEach((w, l) => {
      const dot = u.reduce((s, c, i) => s + c * w[i], 0);
      assert.ok(Math.abs(dot - (k === l ? 1 : 0)) < 1e-14);
    });
  });
});
