import type { PipelineSpec } from "../dsl/mod.ts";
import { interpolantOf } from "../nodes/interpolant/mod.ts";
import { type Network, type Velocity, velocityOf } from "../nodes/velocity/mod.ts";

/** The velocity of a pipeline whose samples have `dim` coordinates, and whose network was read where it is in a file. */
export function velocityIn(spec: PipelineSpec, dim: number, network?: Network): Velocity {
  return velocityOf(spec.velocity, {
    dim,
    seed: spec.seed,
    interpolant: interpolantOf(spec.interpolant),
    source: spec.source,
    target: spec.target,
    network,
  });
}
