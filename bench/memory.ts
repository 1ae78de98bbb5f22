/**
 * Memory: nothing grows with steps, and a million samples fit.
 *
 *     deno run -A bench/memory.ts
 *
 * Trains 20,000 steps and prints the resident memory along the way; then draws 1,000,000 points in the plane in one call.
 * Exits with 1 if the memory of the second half of the training grew by more than 20 MiB, or the peak of sampling is above
 * 1 GiB.
 */
import { data, pipeline, run, solver, training, velocity } from "../mod.ts";

const MiB = 2 ** 20;
const resident = (): number => Deno.memoryUsage().rss / MiB;

const steps = 20_000;
const spec = pipeline({
  name: "memory",
  target: data.twoMoons(),
  velocity: velocity.mlp({ hidden: [64, 64, 64] }),
  training: training({ steps, batchSize: 256 }),
  solver: solver.dopri5({ rtol: 1e-3, atol: 1e-3 }),
});
const folder = await Deno.makeTempDir();
const during = new Map<number, number>();
const { model } = await run(spec, {
  folder,
  onProgress: ({ node, done }) => {
    if (node !== "training" || Math.floor(done / 2_000) <= during.size) return;
    during.set(done, resident());
    console.log(`training, step ${done}: ${resident().toFixed(0)} MiB`);
  },
});
const readings = [...during.values()];
const grown = readings.at(-1)! - readings[Math.floor(readings.length / 2)];
console.log(`second half of the training: ${grown.toFixed(1)} MiB more`);

let peak = 0;
const watch = setInterval(() => peak = Math.max(peak, resident()), 20);
const { shape } = await model.sample(1_000_000);
clearInterval(watch);
peak = Math.max(peak, resident());
console.log(`sampling ${shape.join(" x ")}: peak ${peak.toFixed(0)} MiB`);
await model.close();
await Deno.remove(folder, { recursive: true });
if (grown > 20 || peak > 1024) Deno.exit(1);
