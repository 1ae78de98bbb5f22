import type { PipelineSpec } from "../../dsl/mod.ts";
import { interpolantOf } from "../../nodes/interpolant/mod.ts";
import { velocityOf } from "../../nodes/velocity/mod.ts";
import type { Backend } from "../../runtime/backends/mod.ts";
import { prepare } from "../../runtime/prepare.ts";
import { train, type Trained } from "../../runtime/training/train.ts";

/** Trains a spec from its first step, past the store of results. */
export async function trainOnce(spec: PipelineSpec, backend: Backend): Promise<Trained> {
  const { graph, source, target } = await prepare(spec, backend.identity);
  const interpolant = interpolantOf(spec.interpolant);
  const velocity = velocityOf(spec.velocity, {
    dim: graph.dim,
    seed: spec.seed,
    interpolant,
    source: spec.source,
    target: spec.target,
  });
  const folder = await Deno.makeTempDir();
  try {
    return await train({
      parts: {
        dim: graph.dim,
        interpolant,
        velocity,
        objective: spec.objective!,
        training: spec.training!,
      },
      recipe: {
        seed: spec.seed,
        batchSize: spec.training!.batchSize,
        dim: graph.dim,
        coupling: spec.coupling,
        source: source.serialize(),
        target: target.serialize(),
      },
      backend,
      hash: graph.hash,
      folder,
      checkpointEvery: Infinity,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
