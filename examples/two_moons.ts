/**
 * The first example: noise becomes two moons.
 *
 *     deno run -A examples/two_moons.ts
 *
 * It shows a whole pipeline in one value. With optimal transport coupling the paths come out nearly
 * straight: compare the path energy after swapping in `coupling.independent()`. Read the Wasserstein
 * distance beside its floor, the distance between two samples of the target: a good model sits on it,
 * so that only the path energy and the likelihood still tell models apart.
 */
import {
  coupling,
  data,
  interpolant,
  main,
  metric,
  objective,
  optimizer,
  pipeline,
  type PipelineSpec,
  schedule,
  solver,
  source,
  training,
  velocity,
} from "../mod.ts";

const moons: PipelineSpec = pipeline({
  name: "two-moons",
  seed: 0,
  source: source.gaussian({ dim: 2 }),
  target: data.twoMoons({ noise: 0.05 }),
  coupling: coupling.optimalTransport(),
  interpolant: interpolant.linear(),
  velocity: velocity.mlp({ hidden: [256, 256, 256], activation: "silu" }),
  objective: objective.flowMatching(),
  training: training({
    steps: 4_000,
    batchSize: 256,
    optimizer: optimizer.adam({ learningRate: schedule.cosine({ peak: 3e-3, warmup: 100 }) }),
    ema: 0.999,
  }),
  solver: solver.dopri5({ rtol: 1e-5, atol: 1e-5 }),
  metrics: [
    metric.wasserstein2({ samples: 2_000 }),
    metric.negativeLogLikelihood(),
    metric.pathEnergy(),
  ],
});

export default moons;
if (import.meta.main) await main(moons);
