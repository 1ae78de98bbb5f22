/**
 * Trains 8gaussians -> moons: five seeds, OT-CFM and independent, with the budget and the points of
 * `bench/peers/quality_train.py`. Weights go to <inputs>/quality/pushforward-<coupling>-<seed>, where
 * `bench/peers/quality_evaluate.py` finds them.
 */
import { openBackend } from "../../runtime/backends/mod.ts";
import { writeNpy } from "../../runtime/data/mod.ts";
import { gaussiansToMoons } from "./spec.ts";
import { trainOnce } from "./train_once.ts";
import { say, workerOptions } from "./worker.ts";

const { inputs, threads } = workerOptions();
const backend = await openBackend("cpu", { threads });
for (const kind of ["independent", "optimalTransport"] as const) {
  for (let seed = 0; seed < 5; seed++) {
    const spec = gaussiansToMoons(inputs, { kind, seed, batchSize: 256, steps: 5000 });
    const start = performance.now();
    const { parameters } = await trainOnce(spec, backend);
    const seconds = (performance.now() - start) / 1000;
    const folder = `${inputs}/quality/pushforward-${kind}-${seed}`;
    await Deno.mkdir(folder, { recursive: true });
    for (const [i, tensor] of [...parameters.values()].entries()) {
      await writeNpy(`${folder}/${i % 2 === 0 ? "w" : "b"}${i >> 1}.npy`, tensor);
    }
    say({ coupling: kind, seed, seconds });
  }
}
await backend.close();
