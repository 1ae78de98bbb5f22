/** A training that is small enough for tests: noise to two moons. */
import type { CouplingSpec, TrainingSpec, TwoMoonsSpec } from "../../../dsl/mod.ts";
import { interpolantOf } from "../../../nodes/interpolant/mod.ts";
import { velocityOf } from "../../../nodes/velocity/mod.ts";
import type { Backend } from "../../../runtime/backends/mod.ts";
import { openData, openSource } from "../../../runtime/data/mod.ts";
import type { BatchRecipe } from "../../../runtime/training/batches.ts";
import type { TrainOptions } from "../../../runtime/training/train.ts";

const SOURCE = { kind: "gaussian", dim: 2, mean: 0, scale: 1 } as const;
/** Its target. */
export const TARGET: TwoMoonsSpec = {
  ...{ kind: "twoMoons", noise: 0.05, scale: 1, shift: 0 },
  smear: "gaussian",
};

/** Its batches. */
export async function recipeOf(coupling: CouplingSpec): Promise<BatchRecipe> {
  return {
    ...{ seed: 3, batchSize: 32, dim: 2, coupling },
    source: (await openSource(SOURCE, { dim: 2 })).serialize(),
    target: (await openData(TARGET)).serialize(),
  };
}

/** Its steps. */
export const TRAINING: TrainingSpec = {
  steps: 70,
  batchSize: 32,
  optimizer: {
    kind: "adam",
    learningRate: { kind: "constant", value: 1e-3 },
    ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  },
  ema: 0.99,
  clipNorm: 1,
};

/** What `train()` takes of it, in a folder of its own. */
export async function optionsOf(
  backend: Backend,
  training: TrainingSpec,
  coupling: CouplingSpec = { kind: "independent" },
): Promise<TrainOptions> {
  const interpolant = interpolantOf({ kind: "linear" });
  const velocity = velocityOf({
    kind: "mlp",
    hidden: [16, 16],
    activation: "silu",
    time: { kind: "raw" },
    ...{ residual: false, layerNorm: false },
  }, { dim: 2, seed: 3, interpolant, source: SOURCE, target: TARGET });
  return {
    parts: {
      ...{ dim: 2, interpolant, velocity, training },
      objective: { kind: "flowMatching", prediction: "velocity" },
    },
    recipe: await recipeOf(coupling),
    backend,
    hash: "h",
    folder: await Deno.makeTempDir(),
    checkpointEvery: 15,
  };
}

/** Stops a training at its first report of progress, which is not that of its start. */
export function stopLater(stop: AbortController): TrainOptions["onProgress"] {
  return ({ done }) => {
    if (done > 0) stop.abort();
  };
}
