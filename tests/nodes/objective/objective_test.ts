import assert from "node:assert/strict";
import { data, metric, objective, pipeline, solver, training, velocity } from "../../../dsl/mod.ts";
import { evaluate, type Expression, input } from "../../../graph/mod.ts";
import {
  convert,
  type Interpolant,
  INTERPOLANTS,
  type Prediction,
} from "../../../nodes/interpolant/mod.ts";
import { END_MARGIN, fieldOf, lossOf } from "../../../nodes/objective/mod.ts";
import { gaussianMixture, type Velocity } from "../../../nodes/velocity/mod.ts";
import { run } from "../../../runtime/run.ts";
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

Deno.test("lossOf() is the squared error of the velocity, weighted by the far end", () => {
  const inputs = {
    t: { data: [0.25, 0.5], shape: [2, 1] },
    x0: { data: [1, 2, -1, 0], shape: [2, 2] },
    x1: { data: [4, 0, 3, 1], shape: [2, 2] },
    guess: { data: [0, 0, 0, 0], shape: [2, 2] },
  };
  const weighted = (xs: number[], ws: number[]): number =>
    xs.reduce((s, v, i) => s + ws[i >> 1] * v * v, 0) / xs.length;
  const wanted = {
    velocity: weighted([3, -2, 4, 1], [1, 1]),
    target: weighted([4, 0, 3, 1], [1 / 0.75, 1 / 0.5]), // (1 - t) / (1 - t)^2
    noise: weighted([1, 2, -1, 0], [1 / 0.25, 1 / 0.5]), // t / t^2
  };
  for (const prediction of PREDICTIONS) {
    const objective = { kind: "flowMatching", prediction } as const;
    const loss = lossOf(objective, guess, INTERPOLANTS.linear, [], batch);
    assert.deepEqual(loss.shape, []);
    assert.ok(Math.abs(evaluate([loss], inputs)[0].data[0] - wanted[prediction]) < 1e-12);
  }
});

for (const [name, interpolant] of Object.entries(INTERPOLANTS)) {
  for (const prediction of PREDICTIONS) {
    Deno.test(`lossOf() a ${prediction} on the ${name} path is bounded, and trains at the times that fieldOf() asks for`, () => {
      const objective = { kind: "flowMatching", prediction } as const;
      const loss = lossOf(objective, guess, interpolant, [], batch);
      const lossAt = (time: number): number =>
        evaluate([loss], {
          t: { data: [time], shape: [1, 1] },
          x0: { data: [1, 2], shape: [1, 2] },
          x1: { data: [4, 0], shape: [1, 2] },
          guess: { data: [0, 0], shape: [1, 2] },
        })[0].data[0];
      // At most (pi / 2)^2 |y|^2 / END_MARGIN, |y|^2 / 2 being 8 or less.
      for (const time of [0, 1e-6, 0.5, 1 - 1e-6, 1]) assert.ok(lossAt(time) < 20 / END_MARGIN);
      if (prediction === "target") assert.equal(lossAt(1), lossAt(1 - END_MARGIN));
      if (prediction === "noise") assert.equal(lossAt(0), lossAt(END_MARGIN));
    });
  }
}

for (const [name, interpolant] of Object.entries(INTERPOLANTS)) {
  for (const prediction of PREDICTIONS) {
    const field = fieldOf(
      { kind: "flowMatching", prediction },
      perfect(interpolant, prediction),
      interpolant,
    );
    const exact = gaussianMixture({ ...mixture, interpolant });

    Deno.test(`fieldOf() of a perfect ${prediction} prediction on the ${name} path is the exact velocity`, () => {
      const times = [END_MARGIN, 0.5, 1 - END_MARGIN];
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
      // END_MARGIN^2 / 2 dv/dt at one end, with dv/dt as above.
      found.x.forEach((end, i) =>
        assert.ok(
          distance(end, wanted.x[i]) < 10 * END_MARGIN ** 2,
          `${distance(end, wanted.x[i])}`,
        )
      );
      assert.deepEqual(found.status, [0, 0, 0]);
      found.evaluations.forEach((n, i) =>
        // Some steps are spent on the corner of the field at the margin; beyond it nothing is steeper than before.
        assert.ok(n < 2 * wanted.evaluations[i], `${n} and ${wanted.evaluations[i]} evaluations`)
      );
    });
  }
}

Deno.test("every prediction is learned in a short training on two moons", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const prediction of PREDICTIONS) {
      const { metrics, model } = await run(
        pipeline({
          target: data.twoMoons({ noise: 0.05 }),
          velocity: velocity.mlp({ hidden: [64, 64] }),
          objective: objective.flowMatching({ prediction }),
          training: training({ steps: 800, batchSize: 256, ema: null }),
          solver: solver.heun({ steps: 30 }),
          metrics: [metric.wasserstein2({ samples: 500, repeats: 2 })],
        }),
        { folder, backend: "cpu" },
      );
      await model.close();
      // Measured 0.27, 0.26 and 0.39 for velocity, target and noise, of which 0.17 is the floor. With a margin of
      // 0.001, and the network's own error as the loss, target and noise end 5 or more away.
      assert.ok(metrics[0].value < 0.5, `${prediction}: ${metrics[0].value}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
