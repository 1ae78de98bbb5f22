import assert from "node:assert/strict";
import {
  coupling,
  data,
  metric,
  pipeline,
  type PipelineSpec,
  run,
  type RunOptions,
  type RunOutcome,
  solver,
  training,
  velocity,
} from "../../../mod.ts";

/** A pipeline with layers that are wide enough for two threads to share. */
function specWith(hidden: readonly number[]): PipelineSpec {
  return pipeline({
    name: "bits",
    target: data.twoMoons({ noise: 0.05 }),
    coupling: coupling.optimalTransport(),
    velocity: velocity.mlp({ hidden }),
    training: training({ steps: 64, batchSize: 128 }),
    solver: solver.rk4({ steps: 4 }),
    metrics: [metric.slicedWasserstein({ samples: 200, repeats: 2 })],
  });
}

async function outcomeOf(spec: PipelineSpec, options: RunOptions): Promise<RunOutcome> {
  const folder = await Deno.makeTempDir();
  try {
    const { model, outcome } = await run(spec, { ...options, folder });
    await model.close();
    return outcome;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

// Another release of ONNX Runtime, or a change of the training step or of a draw, makes other digests: then CODE.revision in
// compiler/compile.ts is raised, and these are written anew.
Deno.test("wasm gives these digests on any machine", async () => {
  const { digests, metrics } = await outcomeOf(specWith([32, 32]), { backend: "wasm" });
  assert.equal(digests.weights, "eb1aef065b7f2bbc296e618a7022b07bbd2126fec13a70df8555d5d1298b3460");
  assert.equal(digests.samples, "cd986e29ef43fcd68ec656d33718221a1fb6359f7bfdecae3d5b8ebcae21af21");
  assert.equal(metrics[0].value.toPrecision(12), "0.216403951816");
});

Deno.test("cpu gives the same digests with one thread and with two", async () => {
  const spec = specWith([256, 256]);
  const one = await outcomeOf(spec, { backend: "cpu", threads: 1 });
  const two = await outcomeOf(spec, { backend: "cpu", threads: 2 });
  assert.deepEqual(two, one);
});
