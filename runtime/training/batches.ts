import type { CouplingSpec } from "../../dsl/mod.ts";
import type { Tensor } from "../../graph/mod.ts";
import { couple, planPart } from "../../nodes/coupling/mod.ts";
import type { DatasetContent } from "../data/dataset.ts";
import { revive } from "../data/revive.ts";
import { type DrawAddress, fillUniform } from "../random/mod.ts";

/** All that determines the batches of a training: plain data, so that it can be sent to a worker. */
export interface BatchRecipe {
  readonly seed: number;
  readonly batchSize: number;
  readonly dim: number;
  readonly coupling: CouplingSpec;
  readonly source: DatasetContent;
  readonly target: DatasetContent;
}

/** The batches of consecutive steps, as a training program takes them. */
export interface Batches {
  /** [steps, batch, d], paired row by row with `x1`. */
  readonly x0: Tensor;
  /** [steps, batch, d]. */
  readonly x1: Tensor;
  /** [steps, batch, 1], uniform on (0, 1). */
  readonly t: Tensor;
}

/** Draws the batches of `count` steps from step `first`, counted from 0. */
export type DrawBatches = (first: number, count: number) => Batches;

/** Where a random stream stands: the `step` of its next draw's address, and the next row of what is drawn there. */
export interface StreamPosition {
  readonly step: number;
  readonly row: number;
}

/** Where every random stream of a training stands before this step: they have no state but their address. */
export function streamsAt(
  { batchSize, coupling }: Pick<BatchRecipe, "batchSize" | "coupling">,
  step: number,
): Record<string, StreamPosition> {
  const { plan, from } = planPart(coupling, { step, batchSize });
  const paired = { step: plan, row: from };
  return {
    "training/source": paired,
    "training/target": paired,
    "training/coupling": paired,
    "training/time": { step, row: 0 },
  };
}

/**
 * Opens a recipe. What it draws is a pure function of the recipe and the step: neither the order nor the
 * size of the calls changes a bit.
 */
export function openBatches(recipe: BatchRecipe): DrawBatches {
  const { seed, batchSize, dim, coupling } = recipe;
  const source = revive(recipe.source);
  const target = revive(recipe.target);
  let known: { plan: number; x0: Float32Array; x1: Float32Array } | null = null;
  const draw = (plan: number, count: number): { x0: Float32Array; x1: Float32Array } => {
    if (known?.plan === plan) return known;
    const at = (stream: string): DrawAddress => ({
      seed,
      stream: `training/${stream}`,
      step: plan,
    });
    const x0 = source.parts.train.draw(count, at("source"));
    const x1 = target.parts.train.draw(count, at("target"));
    const partner = couple(coupling, x0, x1, at("coupling")).target;
    const paired = new Float32Array(count * dim);
    for (let i = 0; i < count; i++) {
      paired.set(x1.data.subarray(partner[i] * dim, (partner[i] + 1) * dim), i * dim);
    }
    known = { plan, x0: x0.data, x1: paired };
    return known;
  };
  return (first, count) => {
    const size = batchSize * dim;
    const x0 = new Float32Array(count * size);
    const x1 = new Float32Array(count * size);
    const t = new Float32Array(count * batchSize);
    for (let i = 0; i < count; i++) {
      const step = first + i;
      const part = planPart(coupling, { step, batchSize });
      const pairs = draw(part.plan, part.size);
      x0.set(pairs.x0.subarray(part.from * dim, part.to * dim), i * size);
      x1.set(pairs.x1.subarray(part.from * dim, part.to * dim), i * size);
      fillUniform(t.subarray(i * batchSize, (i + 1) * batchSize), {
        seed,
        stream: "training/time",
        step,
      });
    }
    return {
      x0: { data: x0, shape: [count, batchSize, dim] },
      x1: { data: x1, shape: [count, batchSize, dim] },
      t: { data: t, shape: [count, batchSize, 1] },
    };
  };
}
