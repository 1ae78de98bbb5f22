import assert from "node:assert/strict";
import { evaluate, type Expression, input } from "../../../graph/mod.ts";
import {
  convert,
  type Interpolant,
  INTERPOLANTS,
  type Prediction,
} from "../../../nodes/interpolant/mod.ts";
import { END_MARGIN, fieldOf, lossOf } from "../../../nodes/objective/mod.ts";
import { gaussianMixture, type Velocity } from "../../../nodes/velocity/mod.ts";
import { SOLVERS } from "../../../solvers/ode/mod.ts";
import { distance, solved } from "../../solvers/ode/problems.ts";

const PREDICTIONS = ["velocity", "target", "noise"] as const;
const mixture = {
  source: { kind: "gaussian", dim: 2, mean: 0, scale: 1 },
  target: {
    kind: "gaussianMixture",
    weights: [0.5, 0.5],
    means: [[2, 1], [-2, 0]],
    covariances: [[[0.2, 0], [0, 0.2]], [[0.1, 0.05], [0.05, 0.3]]],
  },
  dim: 2,
} as const;

/** A network that predicts perfectly: the closed form, converted. NaN at the end where that is 0 / 0. */
function perfect(interpolant: Interpolant, prediction: Prediction): Velocity {
  const exact = gaussianMixture({ ...mixture, interpolant });
  return {
    ...exact,
    apply: (parameters, t, x) =>
      convert(
        interpolant,
        { t, x },
        { kind: "velocity", value: exact.apply(parameters, t, x) },
        prediction,
      ),
  };
}

const guess: Velocity = {
  name: "guess",
  parameters: [],
  apply: (_parameters, _t, x) => input("guess", x.shape),
  flops: () => 0,
};

const t = input("t", ["n", 1]);
const x = input("x", ["n", 2]);
const batch = { t, x0: input("x0", ["n", 2]), x1: input("x1", ["n", 2]) };

Deno.test("lossOf() is the mean squared distance to velocity, target or noise", () => {
  const inputs = {
    t: { data: [0.25, 0.5], shape: [2, 1] },
    x0: { data: [1, 2, -1, 0], shape: [2, 2] },
    x1: { data: [4, 0, 3, 1], shape: [2, 2] },
    guess: { data: [0, 0, 0, 0], shape: [2, 2] },
  };
  const meanSquare = (xs: number[]): number => xs.reduce((s, v) => s + v * v, 0) / xs.length;
  const wanted = {
    velocity: meanSquare([3, -2, 4, 1]),
    target: meanSquare([4, 0, 3, 1]),
    noise: meanSquare([1, 2, -1, 0]),
  };
  for (const prediction of PREDICTIONS) {
    const objective = { kind: "flowMatching", prediction } as const;
    const loss = lossOf(objective, guess, INTERPOLANTS.linear, [], batch);
    assert.deepEqual(loss.shape, []);
    assert.equal(evaluate([loss], inputs)[0].data[0], wanted[prediction]);
  }
});

for (const [name, interpolant] of Object.entries(INTERPOLANTS)) {
  for (const prediction of PREDICTIONS) {
    const field = fieldOf(
      { kind: "flowMatching", prediction },
      perfect(interpolant, prediction),
      interpolant,
    );
    const exact = gaussianMixture({ ...mixture, interpolant });

    Deno.test(`fieldOf() of a perfect ${prediction} prediction on the ${name} path is the exact velocity`, () => {
      const times = [0.01, 0.5, 0.99];
      const [found, wanted] = evaluate([field([], t, x), exact.apply([], t, x)], {
        t: { data: times, shape: [3, 1] },
        x: { data: [0.4, -1, 2, 0.3, -1, 1], shape: [3, 2] },
      });
      found.data.forEach((v, i) => assert.ok(Math.abs(v - wanted.data[i]) < 1e-11));
    });

    Deno.test(`fieldOf() of a ${prediction} prediction on the ${name} path is finite and right at both ends`, () => {
      const [found, wanted] = evaluate([field([], t, x), exact.apply([], t, x)], {
        t: { data: [0, 1], shape: [2, 1] },
        x: { data: [0.4, -1, 2, 0.3], shape: [2, 2] },
      });
      // The velocity of a time END_MARGIN away; dv/dt is of order 10 here.
      found.data.forEach((v, i) =>
        assert.ok(Math.abs(v - wanted.data[i]) < 20 * END_MARGIN, `${v}`)
      );
    });

    Deno.test(`fieldOf() of a ${prediction} prediction on the ${name} path carries samples to the right place`, () => {
      const step = {
        kind: "adaptive",
        rtol: 1e-7,
        atol: 1e-7,
        maxSteps: 500,
        control: "sample",
      } as const;
      const starts = [[0.4, -1], [-1, 0.5], [1.5, 1]];
      const solve = (f: (t: Expression, x: Expression) => Expression) =>
        solved(f, starts, { method: SOLVERS.dopri5, step });
      const found = solve((t, x) => field([], t, x));
      const wanted = solve((t, x) => exact.apply([], t, x));
      // END_MARGIN^2 / 2 dv/dt at each end.
      found.x.forEach((end, i) => assert.ok(distance(end, wanted.x[i]) < 2e-5));
      assert.deepEqual(found.status, [0, 0, 0]);
      found.evaluations.forEach((n, i) =>
        assert.ok(n < 1.5 * wanted.evaluations[i], "no stiffness added")
      );
    });
  }
}
