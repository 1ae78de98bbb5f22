import assert from "node:assert/strict";
import { broadcast, evaluate, gradient, input, mean, square } from "../../../graph/mod.ts";
import type { Activation, MlpVelocitySpec, TimeSpec } from "../../../dsl/spec.ts";
import { ACTIVATIONS, mlp, parameterCount, timeFeatures } from "../../../nodes/velocity/mod.ts";

const plain: MlpVelocitySpec = {
  kind: "mlp",
  hidden: [8, 8, 6],
  activation: "silu",
  time: { kind: "raw" },
  residual: false,
  layerNorm: false,
};
const TIMES: readonly TimeSpec[] = [
  { kind: "raw" },
  { kind: "fourier", features: 3, scale: 2 },
  { kind: "sinusoidal", features: 4 },
];

type Values = Record<string, { data: number[]; shape: number[] }>;

/** Uneven numbers for every parameter. */
function valuesOf(spec: MlpVelocitySpec): Values {
  return Object.fromEntries(
    mlp(spec, { dim: 2, seed: 0 }).parameters.map(({ name, shape }, p) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return [name, {
        data: Array.from({ length: count }, (_, i) => Math.sin(1 + 3 * p + 1.7 * i)),
        shape: [...shape],
      }];
    }),
  );
}

function fieldOf(spec: MlpVelocitySpec, t: ReturnType<typeof input>) {
  const network = mlp(spec, { dim: 2, seed: 0 });
  const parameters = network.parameters.map((p) => input(p.name, p.shape));
  return { parameters, v: network.apply(parameters, t, input("x", ["n", 2])) };
}

const x = { data: [0.3, -1.2, 2, 0.7, -0.1, 0.4], shape: [3, 2] };

Deno.test("mlp() has torch.nn.Linear's parameters and bounds", () => {
  const { parameters } = mlp(plain, { dim: 2, seed: 0 });
  assert.deepEqual(parameters.map((p) => `${p.name} ${p.shape}`), [
    "hidden.0.weight 3,8",
    "hidden.0.bias 8",
    "hidden.1.weight 8,8",
    "hidden.1.bias 8",
    "hidden.2.weight 8,6",
    "hidden.2.bias 6",
    "output.weight 6,2",
    "output.bias 2",
  ]);
  for (const { name, init } of parameters) {
    const inputs = name.startsWith("hidden.0") ? 3 : name.startsWith("output") ? 6 : 8;
    assert.deepEqual(init, { kind: "uniform", bound: 1 / Math.sqrt(inputs) });
  }
});

Deno.test("mlp() counts its parameters and operations", () => {
  const network = mlp({ ...plain, hidden: [256, 256, 256] }, { dim: 2, seed: 0 });
  assert.equal(parameterCount(network), 3 * 256 + 256 + 2 * (256 * 256 + 256) + 256 * 2 + 2);
  assert.equal(network.flops(10), 10 * (2 * (3 * 256 + 2 * 256 * 256 + 256 * 2) + 3 * 256 + 2));
});

Deno.test("mlp() computes what its formula says", () => {
  const spec = { ...plain, hidden: [2], activation: "relu" } as const;
  const values = valuesOf(spec);
  const [{ data }] = evaluate([fieldOf(spec, input("t", ["n", 1])).v], {
    ...values,
    x: { data: [0.3, -1.2], shape: [1, 2] },
    t: { data: [0.5], shape: [1, 1] },
  });
  const [w, b, u, c] = Object.values(values).map((p) => p.data);
  const hidden = [0, 1].map((j) =>
    Math.max(0, 0.3 * w[j] - 1.2 * w[2 + j] + 0.5 * w[4 + j] + b[j])
  );
  [0, 1].forEach((j) => {
    const wanted = hidden[0] * u[j] + hidden[1] * u[2 + j] + c[j];
    assert.ok(Math.abs(data[j] - wanted) < 1e-14);
  });
});

for (const time of TIMES) {
  for (
    const options of [{}, { residual: true }, { layerNorm: true }, {
      residual: true,
      layerNorm: true,
    }]
  ) {
    const spec = { ...plain, ...options, time };
    const title = `mlp() with ${time.kind} time ${Object.keys(options).join(" and ")}`.trim();

    Deno.test(`${title} gives the same with one time for all as with one for each`, () => {
      const inputs = { ...valuesOf(spec), x, t: { data: [0.35], shape: [1, 1] } };
      const shared = input("t", [1, 1]);
      const [a, b] = evaluate(
        [fieldOf(spec, shared).v, fieldOf(spec, broadcast(shared, ["n", 1])).v],
        inputs,
      );
      a.data.forEach((v, i) => assert.ok(Math.abs(v - b.data[i]) < 1e-12));
      assert.deepEqual(a.shape, [3, 2]);
    });
  }
}

for (const activation of Object.keys(ACTIVATIONS) as Activation[]) {
  Deno.test(`mlp() with ${activation} has the gradients that finite differences give`, () => {
    const spec: MlpVelocitySpec = {
      ...plain,
      hidden: [4, 4],
      activation,
      residual: true,
      layerNorm: true,
    };
    const { parameters, v } = fieldOf(spec, input("t", ["n", 1]));
    const loss = mean(square(v));
    const gradients = gradient(loss, parameters);
    const values = { ...valuesOf(spec), x, t: { data: [0.1, 0.5, 0.9], shape: [3, 1] } };
    const slopes = evaluate(gradients, values);
    let [along, difference] = [0, 0];
    const h = 1e-6;
    const direction = (p: number, i: number): number => Math.cos(2 * p + i);
    const moved = (sign: number): number => {
      const shifted: Values = { ...values };
      parameters.forEach((e, p) => {
        const name = e.op === "input" ? e.attributes.name : "";
        const { data, shape } = shifted[name];
        shifted[name] = { data: data.map((w, i) => w + sign * h * direction(p, i)), shape };
      });
      return evaluate([loss], shifted)[0].data[0];
    };
    slopes.forEach(({ data }, p) => data.forEach((g, i) => along += g * direction(p, i)));
    difference = (moved(1) - moved(-1)) / (2 * h);
    // Central differences: truncation of order h^2 = 1e-12, rounding of order 1e-16 / h = 1e-10 times the loss's size.
    assert.ok(
      Math.abs(along - difference) < 1e-7 * (1 + Math.abs(along)),
      `${along}, ${difference}`,
    );
  });
}

Deno.test("timeFeatures() are cos and sin of the frequencies that the spec says", () => {
  const t = { t: { data: [0.25, 1], shape: [2, 1] } };
  const features = (spec: TimeSpec, seed = 0) =>
    evaluate([timeFeatures(spec, seed).apply(input("t", ["n", 1]))], t)[0];
  const slow = features({ kind: "sinusoidal", features: 5 });
  assert.deepEqual(slow.shape, [2, 10]);
  [1000, 100, 10, 1, 0.1].forEach((w, k) => {
    assert.ok(Math.abs(slow.data[k] - Math.cos(w / 4)) < 1e-12);
    assert.ok(Math.abs(slow.data[5 + k] - Math.sin(w / 4)) < 1e-12);
  });
  const fourier = { kind: "fourier", features: 4, scale: 3 } as const;
  assert.deepEqual(features(fourier, 1), features(fourier, 1));
  assert.notDeepEqual(features(fourier, 1), features(fourier, 2));
  assert.equal(timeFeatures(fourier, 1).width, 8);
});
