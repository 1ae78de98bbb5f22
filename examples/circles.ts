/**
 * Noise becomes two circles in seconds, and a lock holds it to its bits.
 *
 *     deno run -A examples/circles.ts
 *     deno run -A examples/circles.ts verify
 *
 * It shows a replay: examples/circles.lock.json keeps what `run --backend wasm --write-lock` gave, and `verify` trains again
 * from the first step and compares. WebAssembly gives the same bits on any machine, so every digest must be equal; with
 * `verify --backend cpu` the metrics may move by their tolerances (docs/ci.md).
 */
import {
  data,
  main,
  metric,
  pipeline,
  type PipelineSpec,
  solver,
  training,
  velocity,
} from "../mod.ts";

const circles: PipelineSpec = pipeline({
  name: "circles",
  target: data.circles({ noise: 0.05 }),
  velocity: velocity.mlp({ hidden: [64, 64] }),
  training: training({ steps: 600, batchSize: 256 }),
  solver: solver.midpoint({ steps: 20 }),
  metrics: [metric.slicedWasserstein({ samples: 1_000 }), metric.energyDistance({ samples: 500 })],
});

export default circles;
if (import.meta.main) await main(circles);
