import assert from "node:assert/strict";
import type { MmdSpec } from "../../../dsl/spec.ts";
import { fillNormal } from "../../../graph/threefry.ts";
import type { Tensor } from "../../../graph/types.ts";
import {
  covarianceError,
  energyDistance,
  meanError,
  METRICS,
  mmd,
  type SampleMetric,
  type SampleMetricSpec,
  sinkhornDivergence,
  slicedWasserstein,
  wasserstein1,
  wasserstein2,
} from "../../../nodes/metric/mod.ts";

const at = { seed: 0, stream: "metric", step: 0 };
const sampling = { samples: 200, repeats: 1 };

const SPECS: { readonly [K in SampleMetricSpec["kind"]]: SampleMetricSpec } = {
  wasserstein1: { kind: "wasserstein1", ...sampling },
  wasserstein2: { kind: "wasserstein2", ...sampling },
  sinkhornDivergence: { kind: "sinkhornDivergence", epsilon: 0.5, ...sampling },
  slicedWasserstein: { kind: "slicedWasserstein", projections: 64, ...sampling },
  mmd: { kind: "mmd", kernel: "gaussian", bandwidth: "median", ...sampling },
  energyDistance: { kind: "energyDistance", ...sampling },
  meanError: { kind: "meanError", ...sampling },
  covarianceError: { kind: "covarianceError", ...sampling },
};

/** Normal points of a mean (equal in all coordinates) and a scale. */
function normals(
  count: number,
  { dim = 2, mean = 0, scale = 1, stream = "x" }: {
    dim?: number;
    mean?: number;
    scale?: number;
    stream?: string;
  },
): Tensor {
  const data = new Float32Array(count * dim);
  fillNormal(data, { seed: 9, stream, step: count });
  return { data: data.map((z) => mean + scale * z), shape: [count, dim] };
}

function near(found: number, truth: number, tolerance: number): void {
  assert.ok(Math.abs(found - truth) <= tolerance, `found ${found}, expected ${truth}`);
}

const measures = Object.values(METRICS).filter((metric): metric is SampleMetric =>
  metric.needs === "samples"
);

for (const metric of measures) {
  const spec = SPECS[metric.kind];

  Deno.test(`${metric.name} tells a shifted and stretched set from a fresh one`, () => {
    const target = normals(200, { stream: "target" });
    const floor = metric.evaluate(normals(200, { stream: "fresh" }), target, spec, at);
    const model = normals(200, { stream: "model", mean: 1.5, scale: 2 });
    assert.ok(metric.evaluate(model, target, spec, at) > 3 * Math.abs(floor));
  });

  Deno.test(`${metric.name} takes sets of different sizes and images`, () => {
    const [x, y] = [normals(60, { dim: 4 }), normals(90, { dim: 4, stream: "y" })];
    const image = ({ data, shape }: Tensor): Tensor => ({ data, shape: [shape[0], 2, 2] });
    const value = metric.evaluate(x, y, spec, at);
    assert.ok(Number.isFinite(value));
    assert.equal(metric.evaluate(image(x), image(y), spec, at), value);
  });

  Deno.test(`${metric.name} has a unit, and names samples that are not finite`, () => {
    assert.match(metric.unit(spec), /^(x|x\^2|1)$/);
    const bad = { data: new Float32Array([0, 1, 1, Infinity]), shape: [2, 2] };
    assert.throws(() => metric.evaluate(bad, normals(5, {}), spec, at), {
      name: "InputError",
      message:
        /the samples are not finite: row 1 of the model samples holds Infinity; the solver or the model diverged$/,
    });
    assert.throws(() => metric.evaluate(normals(5, { dim: 3 }), normals(5, {}), spec, at), {
      message: /different dimension/,
    });
  });
}

Deno.test("distances between a set and itself are zero where they compare whole sets", () => {
  const x = normals(100, {});
  for (const metric of measures) {
    const biased = metric.kind !== "mmd" && metric.kind !== "energyDistance";
    if (biased) near(metric.evaluate(x, x, SPECS[metric.kind], at), 0, 1e-12);
  }
});

Deno.test("wasserstein distances of a shifted set are the length of the shift", () => {
  const x = normals(150, {});
  const y = { ...x, data: x.data.map((v) => v + 2) };
  // float32 rounds the shifted coordinates at 2^-22
  for (const metric of [wasserstein1, wasserstein2]) {
    near(metric.evaluate(x, y, SPECS[metric.kind] as never, at), Math.sqrt(8), 1e-6);
  }
});

Deno.test("wasserstein2 nears the closed form between Gaussians", () => {
  // W2^2 = d (mean^2 + (scale - 1)^2) = 2 (4 + 1); sampling bias and error at 800 points are below 0.1.
  const [x, y] = [normals(800, {}), normals(800, { mean: 2, scale: 2, stream: "y" })];
  near(wasserstein2.evaluate(x, y, SPECS.wasserstein2 as never, at), Math.sqrt(10), 0.15);
});

Deno.test("sinkhornDivergence of a shifted set nears the squared shift", () => {
  // Exact for any epsilon when one set is the other shifted; the tolerance of the marginals leaves 1e-3.
  const x = normals(100, {});
  const y = { ...x, data: x.data.map((v) => v + 1) };
  const spec = { kind: "sinkhornDivergence", epsilon: 1, ...sampling } as const;
  near(sinkhornDivergence.evaluate(x, y, spec, at), 2, 5e-3);
});

Deno.test("sinkhornDivergence that does not converge is an error with a remedy", () => {
  const spec = { kind: "sinkhornDivergence", epsilon: 1e-3, ...sampling } as const;
  const [x, y] = [normals(60, {}), normals(60, { stream: "y" })];
  assert.throws(() => sinkhornDivergence.evaluate(x, y, spec, at), {
    name: "InputError",
    message: /raise epsilon/,
  });
});

Deno.test("slicedWasserstein of a set shifted by s is |s| / sqrt(d)", () => {
  // cos^2 of a random direction in the plane has deviation 0.35: relative error 0.35 / sqrt(4000).
  const x = normals(50, {});
  const y = { ...x, data: x.data.map((v) => v + 3) };
  const spec = { kind: "slicedWasserstein", projections: 4_000, ...sampling } as const;
  near(slicedWasserstein.evaluate(x, y, spec, at), 3, 0.05);
});

for (const scale of [1, 2]) {
  Deno.test(`mmd of Gaussians nears its closed form, scale ${scale}`, () => {
    // E k(X, Y) = h^d (h^2 + s)^(-d/2) exp(-|m|^2 / (2 (h^2 + s))) with s the sum of the variances.
    const [h, mean] = [1.5, 1];
    const kernel = (s: number, shift: number) =>
      (h * h / (h * h + s)) * Math.exp(-2 * shift * shift / (2 * (h * h + s)));
    const truth = kernel(2, 0) + kernel(2 * scale ** 2, 0) - 2 * kernel(1 + scale ** 2, mean);
    const spec: MmdSpec = { kind: "mmd", kernel: "gaussian", bandwidth: h, ...sampling };
    const [x, y] = [normals(1_000, {}), normals(1_000, { mean, scale, stream: "y" })];
    near(mmd.evaluate(x, y, spec, at), truth, 0.03); // four standard errors
  });
}

Deno.test("mmd with the median rule does not depend on the unit of the data", () => {
  const [x, y] = [normals(80, {}), normals(80, { mean: 1, stream: "y" })];
  const larger = ({ data, shape }: Tensor): Tensor => ({ data: data.map((v) => 1024 * v), shape });
  for (const kernel of ["gaussian", "laplacian"] as const) {
    const spec: MmdSpec = { kind: "mmd", kernel, bandwidth: "median", ...sampling };
    near(mmd.evaluate(larger(x), larger(y), spec, at), mmd.evaluate(x, y, spec, at), 1e-12);
  }
});

Deno.test("mmd rejects a median of zero", () => {
  const same = { data: new Float32Array(40), shape: [20, 2] };
  assert.throws(() => mmd.evaluate(same, same, SPECS.mmd as MmdSpec, at), {
    name: "InputError",
    message: /most points coincide/,
  });
});

Deno.test("mmd and energyDistance are unbiased: their mean over fresh pairs of sets is zero", () => {
  for (const metric of [mmd, energyDistance]) {
    const values = Array.from({ length: 200 }, (_, r) =>
      metric.evaluate(
        normals(20, { stream: `x${r}` }),
        normals(20, { stream: `y${r}` }),
        SPECS[metric.kind] as never,
        at,
      ));
    const mean = values.reduce((sum, v) => sum + v, 0) / 200;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 199);
    near(mean, 0, 4 * deviation / Math.sqrt(200));
    assert.ok(values.some((v) => v < 0));
  }
});

Deno.test("energyDistance of Gaussians on a line nears its closed form", () => {
  // E|N(m, 2)| = 2 exp(-m^2 / 4) / sqrt(pi) + m erf(m / 2); erf(1) = 0.842700793.
  const [x, y] = [
    normals(1_000, { dim: 1 }),
    normals(1_000, { dim: 1, mean: 2, stream: "y" }),
  ];
  const across = 2 * Math.exp(-1) / Math.sqrt(Math.PI) + 2 * 0.842700793;
  const truth = 2 * across - 4 / Math.sqrt(Math.PI);
  near(energyDistance.evaluate(x, y, SPECS.energyDistance as never, at), truth, 0.2); // four standard errors
});

Deno.test("meanError and covarianceError are what was done to the set", () => {
  const x = normals(300, {});
  const y = { ...x, data: x.data.map((v) => 2 * v + 3) };
  const spec = { kind: "meanError", ...sampling } as const;
  const shift = Math.hypot(
    ...[0, 1].map((k) => 3 + x.data.filter((_, i) => i % 2 === k).reduce((s, v) => s + v, 0) / 300),
  );
  near(meanError.evaluate(x, y, spec, at), shift, 1e-5);
  const flat = { data: new Float32Array(600), shape: [300, 2] };
  const covariance = { kind: "covarianceError", ...sampling } as const;
  const whole = covarianceError.evaluate(x, flat, covariance, at);
  near(covarianceError.evaluate(x, y, covariance, at), 3 * whole, 1e-5);
});

Deno.test("metrics over pairs or deviations need two rows of each set, the others one", () => {
  const least = { mmd: 2, energyDistance: 2, covarianceError: 2 };
  for (const metric of measures) {
    const spec = SPECS[metric.kind];
    const rows = (least as Record<string, number>)[metric.kind] ?? 1;
    const [few, enough] = [normals(rows - 1, {}), normals(5, { stream: "y" })];
    for (const [x, y, name] of [[few, enough, "model"], [enough, few, "target"]] as const) {
      assert.throws(() => metric.evaluate(x, y, spec, at), {
        name: "InputError",
        message: new RegExp(
          `needs at least ${rows} rows? of ${name} samples: found ${rows - 1}$`,
        ),
      });
    }
    assert.ok(Number.isFinite(metric.evaluate(normals(rows, {}), enough, spec, at)));
  }
});
