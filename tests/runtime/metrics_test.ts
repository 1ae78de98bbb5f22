import assert from "node:assert/strict";
import {
  data,
  metric,
  type MetricSpec,
  pipeline,
  run,
  solver,
  source,
  velocity,
} from "../../mod.ts";

const MIXTURE = {
  weights: [0.4, 0.6],
  means: [[-1, 0], [1, 0.5]],
  covariances: [[[0.2, 0], [0, 0.3]], [[0.3, 0.1], [0.1, 0.2]]],
} as const;

/** The exact flow to a mixture: distances sit on their floor, likelihoods on the entropy. */
async function measured(metrics: readonly MetricSpec[]) {
  const folder = await Deno.makeTempDir();
  const { model, metrics: results } = await run(
    pipeline({
      name: "exact",
      source: source.gaussian({ dim: 2 }),
      target: data.gaussianMixture(MIXTURE),
      velocity: velocity.gaussianMixture(),
      solver: solver.dopri5({ rtol: 1e-4, atol: 1e-4 }),
      metrics: [...metrics] as never,
    }),
    { folder },
  );
  await model.close();
  await Deno.remove(folder, { recursive: true });
  return results;
}

Deno.test("an exact flow sits on the floor of every sample distance", async () => {
  const options = { samples: 400, repeats: 6 };
  const results = await measured([
    metric.wasserstein1(options),
    metric.wasserstein2(options),
    metric.sinkhornDivergence(options),
    metric.slicedWasserstein(options),
    metric.mmd(options),
    metric.energyDistance(options),
    metric.meanError(options),
    metric.covarianceError(options),
  ]);
  assert.equal(results.length, 8);
  for (const { name, value, standardError, floor, samples, repeats, lowerIsBetter } of results) {
    assert.deepEqual([samples, repeats, lowerIsBetter], [400, 6, true], name);
    // Six repeats of value and of floor: their difference has about sqrt(2) standard errors; 5 of these is
    // one false alarm in 10^4 by Student's t with 5 degrees of freedom, and the seed is fixed.
    const bound = 5 * Math.SQRT2 * standardError!;
    assert.ok(Math.abs(value - floor!) < bound, `${name}: ${value} on a floor of ${floor}`);
  }
});

Deno.test("likelihood metrics of an exact flow are the target's entropy", async () => {
  const [nll, bits] = await measured([
    metric.negativeLogLikelihood({ samples: 2_000 }),
    metric.bitsPerDimension({ samples: 2_000 }),
  ]);
  assert.equal(nll.unit, "nats");
  assert.equal(bits.unit, "bits");
  assert.ok(Math.abs(bits.value - nll.value / 2 / Math.LN2) < 1e-9);
  // The entropy, by a midpoint sum over [-6, 6]^2 with 600 cells a side.
  let entropy = 0;
  for (let i = 0; i < 600; i++) {
    for (let j = 0; j < 600; j++) {
      const p = density((i + 0.5) / 50 - 6, (j + 0.5) / 50 - 6);
      if (p > 0) entropy -= p * Math.log(p) / 2_500;
    }
  }
  assert.ok(Math.abs(nll.value - entropy) < 4 * nll.standardError!, `${nll.value}, ${entropy}`);
});

/** The mixture's density. */
function density(x: number, y: number): number {
  return MIXTURE.weights.reduce((sum, weight, k) => {
    const [[a, b], [, d]] = MIXTURE.covariances[k];
    const [u, v] = [x - MIXTURE.means[k][0], y - MIXTURE.means[k][1]];
    const det = a * d - b * b;
    const square = (d * u * u - 2 * b * u * v + a * v * v) / det;
    return sum + weight * Math.exp(-square / 2) / (2 * Math.PI * Math.sqrt(det));
  }, 0);
}

Deno.test("path energy is at least the squared Wasserstein distance between source and target", async () => {
  const options = { samples: 400, repeats: 3 };
  const [energy, normalized, straight] = await measured([
    metric.pathEnergy(options),
    metric.pathEnergy({ ...options, normalized: true }),
    metric.straightness(options),
  ]);
  const least = energy.value / (1 + normalized.value); // |E - W2^2| / W2^2 with E above W2^2
  assert.ok(least > 0.5 && least < energy.value, `${least}, ${energy.value}`);
  assert.ok(straight.value > 0);
  assert.equal(energy.floor, null);
});

Deno.test("a table that every draw covers whole is measured once", async () => {
  const folder = await Deno.makeTempDir();
  const rows = Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(2 * i)]);
  const { model, metrics } = await run(
    pipeline({
      name: "table",
      source: data.array(rows, { dim: 2 }),
      target: data.array(rows.map(([x, y]) => [2 * x, y + 1]), { dim: 2, standardize: true }),
      velocity: velocity.custom((_t, x) => x),
      solver: solver.euler({ steps: 4 }),
      metrics: [metric.wasserstein2({ samples: 1_000, repeats: 5 })],
    }),
    { folder },
  );
  const [{ repeats, samples, standardError, unit }] = metrics;
  assert.deepEqual([repeats, samples, standardError, unit], [1, 30, null, "sd"]);
  await model.close();
  await Deno.remove(folder, { recursive: true });
});
