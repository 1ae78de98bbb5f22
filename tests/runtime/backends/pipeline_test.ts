import assert from "node:assert/strict";
import {
  data,
  metric,
  type MetricResult,
  optimizer,
  parse,
  pipeline,
  solver,
  source,
  training,
  velocity,
} from "../../../mod.ts";
import { BACKEND_NAMES, type BackendName } from "../../../runtime/backends/mod.ts";
import { openExecution, type Weights } from "../../../runtime/execution.ts";
import { NO_ADAPTER } from "../../adapter.ts";
import { inFolder } from "../../in_folder.ts";

const spec = pipeline({
  name: "one-for-all",
  seed: 3,
  source: source.gaussian({ dim: 2 }),
  target: data.twoMoons({ noise: 0.05 }),
  velocity: velocity.mlp({ hidden: [16, 16] }),
  training: training({
    steps: 200,
    batchSize: 64,
    optimizer: optimizer.adam({ learningRate: 5e-3 }),
    ema: 0.98,
  }),
  solver: solver.heun({ steps: 8 }), // two stages: each is kernels of its own, which take a software adapter a second
  metrics: [
    metric.wasserstein2({ samples: 256, repeats: 3 }),
    metric.pathEnergy({ samples: 64, repeats: 3 }),
    metric.negativeLogLikelihood({ samples: 256 }),
  ],
});

/** Weights and loss after the first step, of the training itself: without their average. */
async function firstStep(backend: BackendName, folder: string): Promise<Weights> {
  const first = parse({ ...spec, training: { ...spec.training, steps: 1, ema: null } });
  const execution = await openExecution(first, { backend, folder });
  const weights = await execution.weights();
  await execution.close();
  return weights;
}

/** What a backend makes of the pipeline: all that `run` measures, without the files that it writes. */
interface Made {
  readonly first: Weights;
  readonly loss: Float32Array;
  readonly metrics: readonly MetricResult[];
}

async function make(backend: BackendName, folder: string): Promise<Made> {
  const first = await firstStep(backend, folder);
  const execution = await openExecution(spec, { backend, folder });
  const { loss } = await execution.weights();
  const metrics = await execution.metrics();
  assert.deepEqual(execution.backend.elsewhere ?? [], [], `${backend} ran all of it itself`);
  await execution.close();
  return { first, loss: loss!, metrics };
}

/** Differences of float32 between backends; absolute, as losses and weights are about 1. */
const FIRST_STEP = 1e-5;

let cpu: Promise<Made> | null = null;

for (const backend of BACKEND_NAMES.filter((name) => name !== "cpu")) {
  Deno.test({
    name: `${backend} takes the first step as cpu does, and ends with its metrics`,
    ignore: (backend === "webgpu" || backend === "tfjs") && NO_ADAPTER,
    fn: () =>
      inFolder(async (folder) => {
        const expected = await (cpu ??= make("cpu", folder));
        const found = await make(backend, folder);
        closeWithin(FIRST_STEP, "first loss", found.first.loss!, expected.first.loss!);
        assert.equal(found.loss[0], found.first.loss![0], "the first step is that of the run");
        for (const [name, { data }] of expected.first.parameters) {
          closeWithin(FIRST_STEP, name, found.first.parameters.get(name)!.data, data);
        }
        assert.ok(expected.loss.at(-1)! < 0.8 * expected.loss[0], "it learned something");
        for (const [i, { name, value, standardError }] of expected.metrics.entries()) {
          const other = found.metrics[i];
          const one = Math.min(standardError!, other.standardError!);
          assert.ok(
            one > 0 && Math.abs(other.value - value) <= one,
            `${name}: ${value} +- ${one}, found ${other.value}`,
          );
        }
      }),
  });
}

function closeWithin(
  most: number,
  what: string,
  found: Float32Array,
  expected: Float32Array,
): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) =>
    assert.ok(
      Math.abs(value - expected[i]) <= most,
      `${what}, ${i}: found ${value}, expected ${expected[i]}`,
    )
  );
}
