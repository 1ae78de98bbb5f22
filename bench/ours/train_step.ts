/**
 * Training steps of an MLP 3 -> 256 -> 256 -> 256 -> 2 with SiLU, batch 256, Adam, flow matching: the work of
 * `bench/peers/train_step.py`. Variants, joined by "+": cpu or wasm, ema.
 *
 * The program and the batches are those of `runtime/training/train.ts`, in the same chunks; what is left out is what
 * happens once per training: opening, checkpoints and the look at the losses.
 */
import { packingOf } from "../../compiler/programs/packing.ts";
import { trainingProgram } from "../../compiler/programs/training.ts";
import { interpolantOf } from "../../nodes/interpolant/mod.ts";
import { velocityOf } from "../../nodes/velocity/mod.ts";
import { type BackendName, openBackend } from "../../runtime/backends/mod.ts";
import { prepare } from "../../runtime/prepare.ts";
import { openBatchPool } from "../../runtime/training/batch_pool.ts";
import { initialParameters } from "../../runtime/training/parameters.ts";
import { noiseToMoons } from "./spec.ts";
import { serve, workerOptions } from "./worker.ts";

const STEPS = 300;
const CHUNK = 30;

const { inputs, threads, variant } = workerOptions();
const parts = variant.split("+");
const spec = noiseToMoons(inputs, { ema: parts.includes("ema") ? 0.999 : null });
const backend = await openBackend((parts[0] || "cpu") as BackendName, { threads });
const { graph, source, target } = await prepare(spec, backend.identity);
const velocity = velocityOf(spec.velocity, {
  dim: graph.dim,
  seed: spec.seed,
  interpolant: interpolantOf(spec.interpolant),
  source: spec.source,
  target: spec.target,
});
const program = trainingProgram({
  dim: graph.dim,
  interpolant: interpolantOf(spec.interpolant),
  velocity,
  objective: spec.objective!,
  training: spec.training!,
});
const pool = openBatchPool({
  seed: spec.seed,
  batchSize: spec.training!.batchSize,
  dim: graph.dim,
  coupling: spec.coupling,
  source: source.serialize(),
  target: target.serialize(),
}, { workers: 1, chunk: CHUNK, from: 0, steps: spec.training!.steps });
const executable = await backend.load(program);
const first = packingOf(velocity.parameters).packValues(initialParameters(velocity, spec.seed));
await executable.writeState(
  new Map(program.state.map(({ input }) => {
    const { name } = input.attributes as { readonly name: string };
    const shape = input.shape as number[];
    const zeros = new Float32Array(shape.reduce((a, b) => a * b, 1));
    return [name, {
      data: first.get(name.replace(/^ema\//, ""))?.data ?? zeros,
      shape: [...shape],
    }];
  })),
);
let step = 0;
await serve(async () => {
  let loss = NaN;
  for (const end = step + STEPS; step < end; step += CHUNK) {
    const batches = await pool.take(step, CHUNK);
    const outputs = await executable.run({
      ...batches,
      done: { data: Float32Array.of(step), shape: [] },
    });
    loss = outputs.loss.data[CHUNK - 1];
  }
  return { steps: STEPS, loss };
});
pool.close();
await backend.close();
