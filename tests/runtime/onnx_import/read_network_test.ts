/** Networks exported by both of PyTorch's exporters give the numbers that torch gives: see bench/peers/export_networks.py. */
import assert from "node:assert/strict";
import { velocity } from "../../../dsl/mod.ts";
import type { OnnxOptions } from "../../../dsl/velocity.ts";
import { evaluate, type Expression, input } from "../../../graph/mod.ts";
import { exactDivergence } from "../../../nodes/likelihood/mod.ts";
import { ofNetwork } from "../../../nodes/velocity/mod.ts";
import { data, pipeline, solver } from "../../../dsl/mod.ts";
import { openBackend } from "../../../runtime/backends/mod.ts";
import { openFlow } from "../../../runtime/flow.ts";
import { readNetwork } from "../../../runtime/onnx_import/mod.ts";

/** What torch computed of one network. */
interface Expected {
  readonly t: readonly number[];
  readonly x: readonly number[][];
  readonly v: readonly number[][];
  readonly divergence: readonly number[];
  readonly x0: readonly number[][];
  readonly x1: readonly number[][];
}

const FOLDER = new URL("../../fixtures/onnx/", import.meta.url);
const EXPECTED: Readonly<Record<string, Expected>> = JSON.parse(
  Deno.readTextFileSync(new URL("expected.json", FOLDER)),
);
const OPTIONS: Readonly<Record<string, OnnxOptions>> = { joined: { joined: "stateFirst" } };

async function fixture(name: string) {
  const dim = EXPECTED[name].x[0].length;
  const spec = velocity.onnx(new URL(`${name}.onnx`, FOLDER), OPTIONS[name]);
  const { network, weights } = await readNetwork(spec, { dim });
  const imported = ofNetwork(network);
  const parameters = imported.parameters.map(({ name, shape }) => input(name, shape));
  const field = (t: Expression, x: Expression) => imported.apply(parameters, t, x);
  return { spec, dim, weights, velocity: imported, field };
}

function near(found: ArrayLike<number>, exact: readonly number[], tolerance: number): void {
  assert.equal(found.length, exact.length);
  exact.forEach((value, i) =>
    assert.ok(Math.abs(found[i] - value) <= tolerance, `${i}: ${found[i]} for ${value}`)
  );
}

for (const [name, { t, x, v, divergence, x0, x1 }] of Object.entries(EXPECTED)) {
  const rows = t.length;

  Deno.test(`${name}.onnx has torch's velocities and divergences, with a time for each row`, async () => {
    const { field, weights, dim } = await fixture(name);
    const given = {
      ...Object.fromEntries(weights),
      t: { data: t, shape: [rows, 1] },
      x: { data: x.flat(), shape: [rows, dim] },
    };
    const both = exactDivergence(field, input("t", ["n", 1]), input("x", ["n", dim]));
    const [values, traces] = evaluate([both.velocity, both.divergence], given);
    near(values.data, v.flat(), 1e-5);
    near(traces.data, divergence, 1e-5);
  });

  Deno.test(`${name}.onnx has torch's velocities at one time for all rows`, async () => {
    const { field, weights, dim } = await fixture(name);
    const y = field(input("t", [1, 1]), input("x", ["n", dim]));
    for (let i = 0; i < rows; i++) {
      const [{ data }] = evaluate([y], {
        ...Object.fromEntries(weights),
        t: { data: [t[i]], shape: [1, 1] },
        x: { data: x.flat(), shape: [rows, dim] },
      });
      near(data.slice(i * dim, (i + 1) * dim), v[i], 1e-5);
    }
  });

  Deno.test(`${name}.onnx carries points where torchdiffeq does`, async () => {
    const { spec, velocity, weights, dim } = await fixture(name);
    const backend = await openBackend("cpu", { threads: 1 });
    const points = { data: Float32Array.from(x0.flat()), shape: [rows, dim] };
    const whole = pipeline({
      target: data.array(points, { dim }),
      velocity: spec,
      solver: solver.rk4({ steps: 120 }), // small steps, since relu and selu have a kink
    });
    const flow = openFlow({
      ...{ spec: whole, dim, velocity, parameters: weights, backend, density: null },
    });
    try {
      const { x } = await flow.push(points);
      near(x.data, x1.flat(), 2e-5);
    } finally {
      await flow.close();
      await backend.close();
    }
  });
}

Deno.test("a network that was exported for a fixed batch serves any number of rows", async () => {
  const { field, weights } = await fixture("sinusoidal_fixed"); // exported for 5
  const y = field(input("t", ["n", 1]), input("x", ["n", 2]));
  const given = Object.fromEntries(weights);
  const at = (points: number[]) =>
    evaluate([y], {
      ...given,
      t: { data: points.slice(points.length / 2).map(() => 0.5), shape: [points.length / 2, 1] },
      x: { data: points, shape: [points.length / 2, 2] },
    })[0].data;
  assert.deepEqual([...at([1, 2]), ...at([3, 4])], [...at([1, 2, 3, 4])]);
});
