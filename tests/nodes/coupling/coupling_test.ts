import assert from "node:assert/strict";
import { InputError } from "../../../dsl/error.ts";
import type { CouplingSpec } from "../../../dsl/spec.ts";
import { fillNormal } from "../../../graph/threefry.ts";
import type { Tensor } from "../../../graph/types.ts";
import { couple, COUPLINGS, planPart } from "../../../nodes/coupling/mod.ts";

const at = { seed: 0, stream: "coupling", step: 3 };

const SPECS: { readonly [K in CouplingSpec["kind"]]: CouplingSpec } = {
  independent: { kind: "independent" },
  optimalTransport: { kind: "optimalTransport", batchSize: null },
  sinkhorn: {
    kind: "sinkhorn",
    epsilon: 0.5,
    batchSize: null,
    maxIterations: 5_000,
    tolerance: 1e-4,
  },
};

function normals(shape: number[], stream: string): Tensor {
  const data = new Float32Array(shape.reduce((a, b) => a * b));
  fillNormal(data, { seed: 5, stream, step: 0 });
  return { data, shape };
}

const [x0, x1] = [normals([64, 2], "x0"), normals([64, 2], "x1")];

for (const kind of Object.keys(COUPLINGS) as CouplingSpec["kind"][]) {
  const spec = SPECS[kind];

  Deno.test(`${kind} gives each source row a target row and says what it costs`, () => {
    const { target, cost, marginalError } = couple(spec, x0, x1, at);
    assert.equal(target.length, 64);
    assert.ok(target.every((j) => j >= 0 && j < 64));
    assert.ok(cost > 0 && marginalError <= 1e-4);
  });

  Deno.test(`${kind} is a pure function of the batch and of where it draws`, () => {
    assert.deepEqual(couple(spec, x0, x1, at), couple(spec, x0, x1, at));
  });

  Deno.test(`${kind} takes images as it takes rows`, () => {
    const [a, b] = [normals([20, 12], "a"), normals([20, 12], "b")];
    const image = ({ data }: Tensor): Tensor => ({ data, shape: [20, 3, 2, 2] });
    assert.deepEqual(couple(spec, image(a), image(b), at), couple(spec, a, b, at));
  });

  // Peers warn and train on with the uniform plan, or return a plan of zeros.
  Deno.test(`${kind} rejects a batch that holds NaN instead of using another plan`, () => {
    const bad: Tensor = { data: x1.data.map((v, i) => i === 5 ? NaN : v), shape: [64, 2] };
    assert.throws(() => couple(spec, x0, bad, at), {
      name: "RangeError",
      message: /x1: coordinates must be finite, row 2 column 1 is NaN/,
    });
  });
}

Deno.test("couple() rejects batches of different shape", () => {
  assert.throws(() => couple(SPECS.independent, x0, normals([64, 3], "x1"), at), {
    name: "RangeError",
    message: /x0 is \[64,2\] and x1 is \[64,3\]/,
  });
});

Deno.test("optimalTransport uses every target row once and costs no more than any other pairing", () => {
  const { target, cost } = couple(SPECS.optimalTransport, x0, x1, at);
  assert.equal(new Set(target).size, 64);
  assert.ok(cost < couple(SPECS.independent, x0, x1, at).cost);
});

Deno.test("optimalTransport does not depend on the order of the target rows", () => {
  const reversed = new Float32Array(128);
  for (let i = 0; i < 64; i++) reversed.set(x1.data.subarray(2 * i, 2 * i + 2), 2 * (63 - i));
  const there = couple(SPECS.optimalTransport, x0, x1, at).target;
  const back = couple(SPECS.optimalTransport, x0, { data: reversed, shape: [64, 2] }, at).target;
  assert.deepEqual(back.map((j) => 63 - j), there);
});

Deno.test("sinkhorn draws target rows in proportion to the plan", () => {
  // Two points with c / epsilon = log 3: the plan's diagonal holds 3/4 of each row.
  const points: Tensor = { data: new Float32Array([0, 1]), shape: [2, 1] };
  const spec: CouplingSpec = {
    kind: "sinkhorn",
    epsilon: 1 / Math.log(3),
    batchSize: null,
    maxIterations: 1_000,
    tolerance: 1e-9,
  };
  let stayed = 0;
  for (let step = 0; step < 1_000; step++) {
    const { target } = couple(spec, points, points, { ...at, step });
    stayed += (target[0] === 0 ? 1 : 0) + (target[1] === 1 ? 1 : 0);
  }
  assert.ok(Math.abs(stayed / 2_000 - 0.75) < 0.04, `${stayed}`); // four standard errors: 0.039
});

Deno.test("sinkhorn nears optimal transport as epsilon falls and independence as it grows", () => {
  const cost = (epsilon: number) =>
    couple({ ...SPECS.sinkhorn, epsilon, maxIterations: 100_000 } as CouplingSpec, x0, x1, at).cost;
  const optimal = couple(SPECS.optimalTransport, x0, x1, at).cost;
  let product = 0; // mean cost over all pairs
  for (let i = 0; i < 64; i++) {
    for (let j = 0; j < 64; j++) {
      for (let k = 0; k < 2; k++) product += (x0.data[2 * i + k] - x1.data[2 * j + k]) ** 2 / 4096;
    }
  }
  assert.ok(cost(0.01) - optimal < 0.02);
  assert.ok(Math.abs(cost(1e4) - product) < 1e-2);
  assert.ok(optimal < cost(0.1) && cost(0.1) < cost(1) && cost(1) < product);
});

Deno.test("sinkhorn that does not converge is an error with its marginal error and a remedy", () => {
  const spec = { ...SPECS.sinkhorn, epsilon: 0.01, maxIterations: 15, tolerance: 1e-9 };
  assert.throws(() => couple(spec as CouplingSpec, x0, x1, at), {
    name: "CouplingError",
    message: /raise maxIterations, loosen the tolerance or raise epsilon/,
    iterations: 15,
    field: "coupling",
  });
  assert.throws(() => couple(spec as CouplingSpec, x0, x1, at), InputError);
});

Deno.test("planPart() serves each plan's rows once, in order", () => {
  const spec: CouplingSpec = { kind: "optimalTransport", batchSize: 96 };
  const parts = Array.from({ length: 6 }, (_, step) => planPart(spec, { step, batchSize: 32 }));
  assert.deepEqual(parts.map((part) => part.plan), [0, 0, 0, 1, 1, 1]);
  assert.deepEqual(parts.map((part) => part.from), [0, 32, 64, 0, 32, 64]);
  assert.ok(parts.every((part) => part.to - part.from === 32 && part.size === 96));
  const own = planPart({ kind: "independent" }, { step: 9, batchSize: 32 });
  assert.deepEqual(own, { plan: 9, size: 32, from: 0, to: 32 });
});

Deno.test("planPart() rejects a coupling batch that training batches do not divide", () => {
  for (const batchSize of [48, 16]) {
    assert.throws(
      () => planPart({ kind: "optimalTransport", batchSize }, { step: 0, batchSize: 32 }),
      { name: "RangeError", message: new RegExp(`found ${batchSize} and 32`) },
    );
  }
});
