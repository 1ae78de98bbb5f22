import type { PipelineSpec } from "../dsl/mod.ts";
import { interpolantOf } from "../nodes/interpolant/mod.ts";
import { type Velocity, velocityOf } from "../nodes/velocity/mod.ts";

/** The velocity of a pipeline whose samples have `dim` coordinates. */
export function velocityIn(spec: PipelineSpec, dim: number): Velocity {
  return velocityOf(spec.velocity, {
    dim,
    seed: spec.seed,
    interpolant: interpolantOf(spec.interpolant),
    source: spec.source,
    target: spec.target,
  });
}
