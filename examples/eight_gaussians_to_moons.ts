/**
 * Eight Gaussians become two moons: the two-dimensional benchmark of the OT-CFM paper (Tong et al., arXiv:2302.00482).
 *
 *     deno run -A examples/eight_gaussians_to_moons.ts
 *
 * It shows a comparison with published code: both distributions, the network, the optimizer and the solver are those of
 * torchcfm's notebooks (which train for 20,000 steps). The normalised path energy is |E - W2^2| / W2^2, with E the energy
 * of the learned paths and W2 the distance between source and target: 0 would be the exact transport.
 */
import {
  coupling,
  data,
  main,
  metric,
  optimizer,
  pipeline,
  type PipelineSpec,
  solver,
  training,
  velocity,
} from "../mod.ts";

const benchmark: PipelineSpec = pipeline({
  name: "eight-gaussians-to-moons",
  seed: 0,
  source: data.eightGaussians({ radius: 5, noise: 0.1 ** 0.25 }),
  target: data.twoMoons({ noise: 0.2, smear: "diagonal", scale: 3, shift: -1 }),
  coupling: coupling.optimalTransport(),
  velocity: velocity.mlp({ hidden: [64, 64, 64], activation: "selu" }),
  training: training({
    steps: 10_000,
    batchSize: 256,
    optimizer: optimizer.adam({ learningRate: 1e-3 }),
    ema: null,
  }),
  solver: solver.dopri5({ rtol: 1e-4, atol: 1e-4 }),
  metrics: [
    metric.wasserstein2({ samples: 2_000 }),
    metric.pathEnergy({ samples: 2_000, normalized: true }),
    metric.straightness(),
  ],
});

export default benchmark;
if (import.meta.main) await main(benchmark);
