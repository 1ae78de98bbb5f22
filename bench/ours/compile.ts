/**
 * From the spec of `examples/two_moons.ts` to a training program that can run: execution graph, tensor graph,
 * gradients, ONNX, session. Once in a fresh process, since a second time would find its expressions made; loading
 * the modules and ONNX Runtime's library is not counted.
 */
import moons from "../../examples/two_moons.ts";
import { trainingProgram } from "../../compiler/programs/training.ts";
import { interpolantOf } from "../../nodes/interpolant/mod.ts";
import { velocityOf } from "../../nodes/velocity/mod.ts";
import { openBackend } from "../../runtime/backends/mod.ts";
import { prepare } from "../../runtime/prepare.ts";
import { serve, workerOptions } from "./worker.ts";

const { threads } = workerOptions();
const backend = await openBackend("cpu", { threads });

await serve(async () => {
  const { graph } = await prepare(moons, backend.identity);
  const interpolant = interpolantOf(moons.interpolant);
  const velocity = velocityOf(moons.velocity, {
    dim: graph.dim,
    seed: moons.seed,
    interpolant,
    source: moons.source,
    target: moons.target,
  });
  await backend.load(trainingProgram({
    dim: graph.dim,
    interpolant,
    velocity,
    objective: moons.objective!,
    training: moons.training!,
  }));
  return { nodes: graph.nodes.length };
});
await backend.close();
