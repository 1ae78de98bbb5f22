import {
  coupling,
  data,
  objective,
  optimizer,
  pipeline,
  type PipelineSpec,
  solver,
  source,
  training,
  velocity,
} from "../../dsl/mod.ts";

/** Noise to the moons of the shared inputs with an MLP 3x256: what every row but OT-CFM is about. */
export function noiseToMoons(
  inputs: string,
  options: { readonly ema?: number | null } = {},
): PipelineSpec {
  return pipeline({
    name: "bench-noise-to-moons",
    source: source.gaussian({ dim: 2 }),
    target: data.npy({ path: `${inputs}/moons.npy`, dim: 2 }),
    coupling: coupling.independent(),
    velocity: velocity.mlp({ hidden: [256, 256, 256], activation: "silu" }),
    objective: objective.flowMatching(),
    training: training({
      steps: 1_000_000,
      batchSize: 256,
      optimizer: optimizer.adam({ learningRate: 1e-3 }),
      ema: options.ema ?? null,
    }),
    solver: solver.euler({ steps: 100 }),
    metrics: [],
  });
}

/** 8gaussians to moons of the shared inputs with torchcfm's MLP 3x64. */
export function gaussiansToMoons(
  inputs: string,
  options: {
    readonly kind: "optimalTransport" | "independent";
    readonly seed?: number;
    readonly batchSize: number;
    readonly steps: number;
  },
): PipelineSpec {
  return pipeline({
    name: "bench-8gaussians-to-moons",
    seed: options.seed ?? 0,
    source: data.npy({ path: `${inputs}/8gaussians.npy`, dim: 2 }),
    target: data.npy({ path: `${inputs}/moons.npy`, dim: 2 }),
    coupling: options.kind === "independent" ? coupling.independent() : coupling.optimalTransport(),
    velocity: velocity.mlp({ hidden: [64, 64, 64], activation: "selu" }),
    objective: objective.flowMatching(),
    training: training({
      steps: options.steps,
      batchSize: options.batchSize,
      optimizer: optimizer.adam({ learningRate: 1e-3 }),
      ema: null,
    }),
    solver: solver.euler({ steps: 100 }),
    metrics: [],
  });
}
