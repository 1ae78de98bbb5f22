import assert from "node:assert/strict";
import {
  coupling,
  data,
  interpolant,
  metric,
  objective,
  optimizer,
  pipeline,
  solver,
  source,
  stringify,
  training,
  velocity,
} from "../../dsl/mod.ts";

const moons = pipeline({
  name: "two-moons",
  seed: 0,
  source: source.gaussian({ dim: 2 }),
  target: data.twoMoons({ noise: 0.05 }),
  coupling: coupling.optimalTransport(),
  interpolant: interpolant.linear(),
  velocity: velocity.mlp({ hidden: [256, 256, 256], activation: "silu" }),
  objective: objective.flowMatching(),
  training: training({
    steps: 2_000,
    batchSize: 256,
    optimizer: optimizer.adam({ learningRate: 1e-3 }),
    ema: 0.999,
  }),
  solver: solver.dopri5({ rtol: 1e-5, atol: 1e-5 }),
  metrics: [
    metric.wasserstein2({ samples: 2_000 }),
    metric.negativeLogLikelihood(),
    metric.pathEnergy(),
  ],
});

Deno.test("the example of the design builds this spec", () => {
  assert.equal(
    stringify(moons, { indent: 2 }),
    `GOLDEN`,
  );
});
