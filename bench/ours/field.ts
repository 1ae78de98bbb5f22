import { interpolantOf } from "../../nodes/interpolant/mod.ts";
import { velocityOf } from "../../nodes/velocity/mod.ts";
import type { Backend } from "../../runtime/backends/mod.ts";
import { readNpy } from "../../runtime/data/mod.ts";
import { type Flow, openFlow } from "../../runtime/flow.ts";
import { prepare } from "../../runtime/prepare.ts";
import { noiseToMoons } from "./spec.ts";

/** The field that `bench/peers/make_inputs.py` trained, as a flow of ours: the very weights that the peers load. */
export async function openSharedField(
  inputs: string,
  backend: Backend,
): Promise<Flow> {
  const spec = noiseToMoons(inputs);
  const { graph, source } = await prepare(spec, backend.identity);
  const velocity = velocityOf(spec.velocity, {
    dim: graph.dim,
    seed: spec.seed,
    interpolant: interpolantOf(spec.interpolant),
    source: spec.source,
    target: spec.target,
  });
  const parameters = new Map<string, { data: Float32Array; shape: number[] }>();
  for (const [i, { name }] of velocity.parameters.entries()) {
    const file = `${inputs}/field/${i % 2 === 0 ? "w" : "b"}${i >> 1}.npy`;
    const { data, shape } = await readNpy(file);
    parameters.set(name, { data, shape: [...shape] });
  }
  return openFlow({
    spec,
    dim: graph.dim,
    velocity,
    parameters,
    backend,
    density: source.density,
  });
}
