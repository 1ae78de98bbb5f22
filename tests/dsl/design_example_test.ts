import assert from "node:assert/strict";
import {
  coupling,
  data,
  interpolant,
  metric,
  objective,
  optimizer,
  parse,
  pipeline,
  run,
  solver,
  source,
  stringify,
  training,
  velocity,
} from "../../mod.ts";

const moons = pipeline({
  name: "two-moons",
  seed: 0,
  source: source.gaussian({ dim: 2 }),
  target: data.twoMoons({ noise: 0.05 }),
  coupling: coupling.optimalTransport(),
  interpolant: interpolant.linear(),
  velocity: velocity.mlp({ hidden: [256, 256, 256], activation: "silu" }),
  objective: objective.flowMatching(),
  training: training({
    steps: 2_000,
    batchSize: 256,
    optimizer: optimizer.adam({ learningRate: 1e-3 }),
    ema: 0.999,
  }),
  solver: solver.dopri5({ rtol: 1e-5, atol: 1e-5 }),
  metrics: [
    metric.wasserstein2({ samples: 2_000 }),
    metric.negativeLogLikelihood(),
    metric.pathEnergy(),
  ],
});

Deno.test("the example of the design builds this spec", () => {
  assert.equal(
    stringify(moons, { indent: 2 }),
    `{
  "coupling": {
    "batchSize": null,
    "kind": "optimalTransport"
  },
  "interpolant": {
    "kind": "linear"
  },
  "metrics": [
    {
      "kind": "wasserstein2",
      "repeats": 5,
      "samples": 2000
    },
    {
      "divergence": "exact",
      "kind": "negativeLogLikelihood",
      "samples": 1000
    },
    {
      "kind": "pathEnergy",
      "normalized": false,
      "repeats": 5,
      "samples": 1000
    }
  ],
  "name": "two-moons",
  "objective": {
    "kind": "flowMatching",
    "prediction": "velocity"
  },
  "seed": 0,
  "solver": {
    "kind": "dopri5",
    "step": {
      "atol": 0.00001,
      "control": "sample",
      "kind": "adaptive",
      "maxSteps": 10000,
      "rtol": 0.00001
    }
  },
  "source": {
    "dim": 2,
    "kind": "gaussian",
    "mean": 0,
    "scale": 1
  },
  "target": {
    "kind": "twoMoons",
    "noise": 0.05,
    "scale": 1,
    "shift": 0,
    "smear": "gaussian"
  },
  "training": {
    "batchSize": 256,
    "clipNorm": null,
    "ema": 0.999,
    "optimizer": {
      "beta1": 0.9,
      "beta2": 0.999,
      "epsilon": 1e-8,
      "kind": "adam",
      "learningRate": {
        "kind": "constant",
        "value": 0.001
      }
    },
    "steps": 2000
  },
  "velocity": {
    "activation": "silu",
    "hidden": [
      256,
      256,
      256
    ],
    "kind": "mlp",
    "layerNorm": false,
    "residual": false,
    "time": {
      "kind": "raw"
    }
  },
  "version": 1
}`,
  );
});

Deno.test("the example of the design runs: trains, samples, measures and stores", async () => {
  const folder = await Deno.makeTempDir();
  const short = parse({
    ...moons,
    training: { ...moons.training!, steps: 30 },
    // A field that has hardly been trained, followed loosely.
    solver: solver.dopri5({ rtol: 1e-2, atol: 1e-2 }),
    metrics: [
      metric.wasserstein2({ samples: 200, repeats: 2 }),
      metric.negativeLogLikelihood({ samples: 50 }),
      metric.pathEnergy({ samples: 50, repeats: 2 }),
    ],
  });
  const { model, metrics, loss, samples, files } = await run(short, { folder });
  try {
    assert.equal(loss!.length, 30);
    // 30 steps of Adam take the squared error of the first guess, E|X1 - X0|^2 / 2 = 1.5, well down.
    assert.ok(loss!.every(Number.isFinite) && loss!.at(-1)! < 0.9 * loss![0], `${loss}`);
    assert.deepEqual(
      metrics.map(({ name, unit, samples }) => [name, unit, samples]),
      [["wasserstein2", "x", 200], ["negativeLogLikelihood", "nats", 50], [
        "pathEnergy",
        "x^2",
        50,
      ]],
    );
    assert.ok(metrics.every(({ value }) => Number.isFinite(value)));
    assert.ok(metrics[0].value > metrics[0].floor!); // it is not trained
    assert.equal(samples.shape[1], 2);
    assert.ok(samples.data.every(Number.isFinite));
    assert.deepEqual((await model.logLikelihood(await model.sample(5))).shape, [5]);
    const stored = files.find((file) => file.endsWith("spec.json"));
    assert.deepEqual(parse(await Deno.readTextFile(stored!)), short);
  } finally {
    await model.close();
    await Deno.remove(folder, { recursive: true });
  }
});
