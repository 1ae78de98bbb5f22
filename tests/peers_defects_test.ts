/**
 * What published flow libraries were found to get wrong: a test for each defect that it is not here. They are short; each
 * names the file that tests the same thing thoroughly.
 */
import assert from "node:assert/strict";
import {
  coupling,
  data,
  interpolant,
  metric,
  minus,
  type Model,
  pipeline,
  type PipelineSpec,
  plus,
  run,
  solver,
  source,
  square,
  times,
  training,
  velocity,
} from "../mod.ts";
import { couple } from "../nodes/coupling/mod.ts";
import { METRICS } from "../nodes/metric/mod.ts";
import { openData } from "../runtime/data/mod.ts";
import { SOLVERS } from "../solvers/ode/mod.ts";
import { distance, solved, spiral, spiralAt } from "./solvers/ode/problems.ts";

const fixed = (steps: number) => ({ kind: "fixed", steps }) as const;
const at = { seed: 0, stream: "peers", step: 0 };
const exact = solver.dopri5({ rtol: 1e-6, atol: 1e-6 });

/** Runs a pipeline in a folder of its own, and tests its model. */
async function withModel(
  spec: PipelineSpec,
  test: (model: Model) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const { model } = await run(spec, { folder });
  try {
    await test(model);
  } finally {
    await model.close();
    await Deno.remove(folder, { recursive: true });
  }
}

// flow_matching: `compute_likelihood(exact_divergence=True)` indexes out of range. See runtime/model_test.ts.
Deno.test("exact likelihood of images, where flow_matching's ends in an IndexError", () => {
  const shape = [2, 3, 4, 4];
  const images = {
    data: Float32Array.from({ length: 96 }, (_, i) => Math.sin(i * i)),
    shape,
  };
  const spec = pipeline({
    name: "images",
    target: data.array(images, { dim: 48 }),
    velocity: velocity.custom((_t, x) => times(0.5, x), { dim: 48 }),
    solver: exact,
  });
  return withModel(spec, async (model) => {
    const found = await model.logLikelihood(images);
    assert.deepEqual(found.shape, [2]);
    for (const image of [0, 1]) {
      // x = exp(1/2) z, and log |det| = 48 / 2.
      let truth = -24 - 24 * Math.log(2 * Math.PI);
      for (const x of images.data.subarray(48 * image, 48 * (image + 1))) {
        truth -= x * x / Math.E / 2;
      }
      assert.ok(Math.abs(found.data[image] - truth) < 1e-3, `${found.data[image]}, ${truth}`);
    }
  });
});

// flow_matching's Riemannian solver lays its grid from 0. See solvers/ode/solve_test.ts.
Deno.test("a solve from 0.5 to 1 covers half of the time, where flow_matching covers all of it", () => {
  for (const method of Object.values(SOLVERS)) {
    const options = { method, from: 0.5, to: 1, step: fixed(5), times: [0.5, 0.6, 1] };
    const { x, trajectory } = solved((_t, x) => plus(times(0, x), 1), [[0]], options);
    assert.ok(Math.abs(x[0][0] - 0.5) < 1e-12, method.name);
    trajectory.forEach(([[state]], i) =>
      assert.ok(Math.abs(state - (options.times[i] - 0.5)) < 1e-12, method.name)
    );
  }
});

// flow_matching's Riemannian solver sorts the times. See solvers/ode/solve_test.ts.
Deno.test("a solve from 1 to 0 goes backward, where flow_matching goes forward", () => {
  for (const method of Object.values(SOLVERS)) {
    const options = { method, from: 1, to: 0, step: fixed(5), times: [1, 0.7, 0.25, 0] };
    const { x, trajectory } = solved((_t, x) => plus(times(0, x), 1), [[0]], options);
    assert.ok(Math.abs(x[0][0] + 1) < 1e-12, method.name);
    trajectory.forEach(([[state]], i) =>
      assert.ok(Math.abs(state - (options.times[i] - 1)) < 1e-12, method.name)
    );
  }
});

// flow_matching tests its schedules on one row of a batch. See nodes/interpolant/interpolant_test.ts.
for (const path of [interpolant.linear(), interpolant.trigonometric()]) {
  Deno.test(`the ${path.kind} schedule is right on every row, where flow_matching tests one`, () => {
    const spec = pipeline({
      name: "schedule",
      source: source.gaussian({ dim: 2 }),
      target: data.gaussianMixture({ means: [[1, -2]], covariances: [[[4, 0], [0, 0.25]]] }),
      velocity: velocity.gaussianMixture(),
      interpolant: path,
      solver: exact,
    });
    return withModel(spec, async (model) => {
      const z = {
        data: Float32Array.from({ length: 80 }, (_, i) => 2 * Math.sin(i * i)),
        shape: [40, 2],
      };
      const x = await model.sample(40, { source: z });
      // Between Gaussians every schedule carries z to mean + deviation z.
      z.data.forEach((value, i) => {
        const truth = i % 2 === 0 ? 1 + 2 * value : -2 + 0.5 * value;
        assert.ok(Math.abs(x.data[i] - truth) < 1e-3, `row ${i >> 1}: ${x.data[i]}, ${truth}`);
      });
    });
  });
}

// torchdiffeq interpolates linearly between steps, which leaves order 2. See solvers/ode/solve_test.ts.
Deno.test("rk4 keeps order 4 between its steps, where torchdiffeq's falls to 2", () => {
  const third = 1 / 192; // a third into a step of 1/64, with 64 steps as with 256
  const wanted = [16 / 64 + third, 40 / 64 + third];
  const error = (steps: number): number => {
    const options = { method: SOLVERS.rk4, step: fixed(steps), times: wanted };
    const { trajectory } = solved(spiral, [spiralAt(0)], options);
    return Math.max(...wanted.map((t, i) => distance(trajectory[i][0], spiralAt(t))));
  };
  const order = Math.log2(error(64) / error(256)) / 2;
  assert.ok(Math.abs(order - 4) < 0.15, `measured ${order}`);
});

// torchdiffeq tests fixed steps on a solution that is a line, exact for Euler. See solvers/ode/solve_test.ts.
for (const method of Object.values(SOLVERS)) {
  Deno.test(`${method.name} has its order on a nonlinear problem, where torchdiffeq tests a line`, () => {
    const error = (steps: number): number =>
      distance(
        solved(spiral, [spiralAt(0)], { method, to: 2, step: fixed(steps) }).x[0],
        spiralAt(2),
      );
    const order = Math.log2(error(128) / error(256));
    assert.ok(Math.abs(order - method.order) < 0.15, `measured ${order}`);
  });
}

// torchdyn's moons, on which results are published, are smeared along the diagonal. See
// runtime/data/distributions/distributions_test.ts.
Deno.test("torchdyn's moons can be had as they are, by the name of what their noise is", async () => {
  const moons = await openData(data.twoMoons({ noise: 0.2, smear: "diagonal" }));
  const x = moons.parts.train.draw(2_000, at).data;
  let widest = 0;
  for (let i = 0; i < x.length; i += 2) {
    // Some shift v on [0, 0.2] of both coordinates leads back to one of the half circles.
    const shifts = [[0, 0], [1, 0.5]].map(([a, b]) => {
      const [p, q] = [x[i] - a, x[i + 1] - b];
      const root = Math.sqrt(Math.max(0, (p + q) ** 2 / 4 - (p * p + q * q - 1) / 2));
      return [(p + q) / 2 - root, (p + q) / 2 + root];
    }).flat().filter((v) => v > -1e-6 && v < 0.2 + 1e-6);
    assert.ok(shifts.length > 0, `row ${i / 2} is (${x[i]}, ${x[i + 1]})`);
    widest = Math.max(widest, Math.min(...shifts));
  }
  assert.ok(widest > 0.19, `${widest}`); // of 2,000 draws none above 0.95 of the range: 1e-44
});

// OTT calls total nats bits per dimension. See nodes/metric/likelihood_metrics_test.ts.
Deno.test("nats are called nats and bits bits, where OTT's bits per dimension are nats", () => {
  const [nll, bits] = [METRICS.negativeLogLikelihood, METRICS.bitsPerDimension];
  assert.ok(nll.needs === "logLikelihood" && bits.needs === "logLikelihood");
  const specs = [metric.negativeLogLikelihood(), metric.bitsPerDimension()] as const;
  assert.deepEqual([nll.unit(specs[0]), bits.unit(specs[1])], ["nats", "bits"]);
  const logP = Float64Array.of(-64 * Math.LN2); // 64 bits in all, over 8 dimensions
  const points = { dim: 8, dequantize: null };
  assert.equal(nll.terms(logP, specs[0], points)[0], 64 * Math.LN2);
  assert.ok(Math.abs(bits.terms(logP, specs[1], points)[0] - 8) < 1e-12);
});

// stochastic-interpolants: `path="custom"` and `SimpleUniform` fail when they are made. See nodes/interpolant/interpolant_test.ts.
Deno.test("custom paths and uniform sources run, where those of stochastic-interpolants fail", () => {
  const spec = pipeline({
    name: "custom",
    source: source.uniform({ dim: 2, low: -1, high: 3 }),
    target: data.circles(),
    interpolant: interpolant.custom({ a: (t) => minus(1, square(t)), b: square }),
    velocity: velocity.mlp({ hidden: [16] }),
    training: training({ steps: 20, batchSize: 32 }),
    solver: solver.euler({ steps: 4 }),
  });
  return withModel(spec, async (model) => {
    const x = await model.sample(10);
    assert.deepEqual(x.shape, [10, 2]);
    assert.ok(x.data.every(Number.isFinite));
  });
});

// torchcfm warns about a bad plan and trains on with the uniform one. See nodes/coupling/coupling_test.ts.
Deno.test("a plan that fails is an error, where torchcfm uses the uniform plan and POT one of zeros", () => {
  const x0 = { data: Float32Array.of(0, 1, 2, 3), shape: [4, 1] };
  const x1 = { data: Float32Array.of(5, NaN, 7, 8), shape: [4, 1] };
  for (const spec of [coupling.optimalTransport(), coupling.sinkhorn({ epsilon: 0.5 })]) {
    assert.throws(() => couple(spec, x0, x1, at), /x1: coordinates must be finite, row 1/);
  }
  const far = { data: Float32Array.of(1e6, 1e6 + 3, 1e6 + 1, 1e6 + 2), shape: [4, 1] };
  // exp(-C / epsilon) of every pair underflows to 0 here; the plan is the optimal one all the same.
  assert.deepEqual([...couple(coupling.optimalTransport(), x0, far, at).target], [0, 2, 3, 1]);
  const hurried = coupling.sinkhorn({ epsilon: 1e-3, maxIterations: 2 });
  assert.throws(() => couple(hurried, x0, far, at), { name: "CouplingError", field: "coupling" });
});
