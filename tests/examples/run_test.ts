import assert from "node:assert/strict";
import { type Model, parse, type PipelineSpec, type Run, run, type Tensor } from "../../mod.ts";
import digits from "../../examples/digits.ts";
import benchmark from "../../examples/eight_gaussians_to_moons.ts";
import imported from "../../examples/from_pytorch.ts";
import weather from "../../examples/weather.ts";

/**
 * The example with 40 steps of training, a tenth of the warmup, metrics over few samples, and tolerances of 1e-2, which a
 * field that has hardly been trained meets in a few steps: whatever else it says is as it stands.
 */
function shortened(spec: PipelineSpec, samples: number): PipelineSpec {
  const { optimizer } = spec.training!;
  const { learningRate } = optimizer;
  return parse({
    ...spec,
    training: {
      ...spec.training!,
      steps: 40,
      optimizer: {
        ...optimizer,
        learningRate: "warmup" in learningRate
          ? { ...learningRate, warmup: learningRate.warmup / 10 }
          : learningRate,
      },
    },
    solver: { ...spec.solver, step: { ...spec.solver.step, rtol: 1e-2, atol: 1e-2 } },
    metrics: spec.metrics.map((metric) => ({
      ...metric,
      samples,
      ...("repeats" in metric ? { repeats: 2 } : {}),
    })),
  });
}

/** What an example must give, besides numbers that are finite. */
interface Expected {
  readonly spec: PipelineSpec;
  readonly eventShape: readonly number[];
  readonly units: Readonly<Record<string, string>>;
  /** The samples of one measurement: where the example's metrics are costly, few. */
  readonly samples: number;
}

const EXAMPLES: Readonly<Record<string, Expected>> = {
  "digits.ts": {
    spec: digits,
    eventShape: [8, 8],
    units: { bitsPerDimension: "bits", energyDistance: "sd" },
    samples: 4,
  },
  "weather.ts": {
    spec: weather,
    eventShape: [4],
    units: {
      slicedWasserstein: "sd",
      energyDistance: "sd",
      meanError: "sd",
      covarianceError: "sd^2",
    },
    samples: 100,
  },
  "eight_gaussians_to_moons.ts": {
    spec: benchmark,
    eventShape: [2],
    units: { wasserstein2: "x", pathEnergy: "1", straightness: "x^2" },
    samples: 100,
  },
};

for (const [name, { spec, eventShape, units, samples }] of Object.entries(EXAMPLES)) {
  Deno.test(`examples/${name} runs: finite numbers in the right shapes and units`, async () => {
    const folder = await Deno.makeTempDir();
    const short = shortened(spec, samples);
    const { model, metrics, loss, samples: drawn }: Run = await run(short, { folder });
    try {
      assert.equal(loss!.length, 40);
      assert.ok(loss!.every(Number.isFinite));
      assert.deepEqual(Object.fromEntries(metrics.map((m) => [m.name, m.unit])), units);
      for (const metric of metrics) {
        assert.ok(Number.isFinite(metric.value), `${metric.name} is ${metric.value}`);
        assert.equal(metric.samples, samples);
      }
      assert.deepEqual(drawn.shape.slice(1), eventShape);
      await checkModel(model, drawn);
    } finally {
      await model.close();
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** The model draws and encodes in the shape of the data. */
async function checkModel(model: Model, drawn: Tensor): Promise<void> {
  assert.ok(drawn.data.every(Number.isFinite));
  const some = await model.sample(3, { seed: 1 });
  assert.deepEqual(some.shape, [3, ...model.eventShape]);
  const encoded = await model.encode(some);
  assert.equal(encoded.shape[0] * model.dim, encoded.data.length);
  assert.ok(some.data.every(Number.isFinite) && encoded.data.every(Number.isFinite));
}

Deno.test("examples/from_pytorch.ts runs: an imported network meets its target", async () => {
  const folder = await Deno.makeTempDir();
  const [first] = imported.metrics;
  const spec = parse({ ...imported, metrics: [{ ...first, samples: 300, repeats: 3 }] });
  const { model, metrics: [w2], loss }: Run = await run(spec, { folder });
  try {
    assert.equal(loss, null);
    assert.ok(w2.value < 2 * w2.floor!, `W2 is ${w2.value}, and ${w2.floor} between fresh samples`);
    await checkModel(model, await model.sample(5));
  } finally {
    await model.close();
    await Deno.remove(folder, { recursive: true });
  }
});
