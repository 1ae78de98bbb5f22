import assert from "node:assert/strict";
import {
  concat,
  constant,
  evaluate,
  exp,
  type Expression,
  input,
  jvp,
  less,
  loop,
  matmul,
  select,
  silu,
  sin,
  stopGradient,
  sum,
  times,
  topological,
} from "../../../graph/mod.ts";
import type { Activation } from "../../../dsl/spec.ts";
import { pushforwards } from "../../../nodes/likelihood/pushforwards.ts";
import { ACTIVATIONS, mlp } from "../../../nodes/velocity/mod.ts";

const x = input("x", ["n", 2]);
const along = [0, 1, 2].map((k) => input(`d${k}`, ["n", 2]));
const inputs = {
  x: { data: [0.3, -1.2, 2, 0.7, -0.1, 0.4], shape: [3, 2] },
  ...Object.fromEntries(along.map((_, k) => [`d${k}`, {
    data: [0, 1, 2, 3, 4, 5].map((i) => Math.sin(k + 2 * i)),
    shape: [3, 2],
  }])),
};

/** A network of constants. */
function network(
  activation: Activation,
  options: { residual: boolean; layerNorm: boolean },
): Expression {
  const time = { kind: "fourier", features: 2, scale: 1 } as const;
  const velocity = mlp({ kind: "mlp", hidden: [5, 5], activation, time, ...options }, {
    dim: 2,
    seed: 0,
  });
  const parameters = velocity.parameters.map(({ shape }, p) => {
    const count = shape.reduce((a, b) => a * b, 1);
    return constant(Array.from({ length: count }, (_, i) => Math.sin(1 + p + 1.7 * i)), [...shape]);
  });
  return velocity.apply(parameters, constant(0.4, [1, 1]), x);
}

const w = constant([1, -2, 0.5, 3], [2, 2]);
const CASES: Record<string, Expression> = {
  "the variable itself": x,
  "no variable at all": constant([1, 2, 3, 4, 5, 6], [3, 2]),
  "a stopped gradient": times(stopGradient(x), x),
  "two ways that meet": times(sin(matmul(x, w)), exp(x)),
  "a choice": select(less(x, 0), times(x, x), sin(x)),
  "a sum along rows that is stretched again": times(sum(x, { axes: [1], keep: true }), silu(x)),
  "parts put together": concat([silu(matmul(x, w)), x], 1),
  "a loop": loop({ state: [x], count: 3, body: (_i, y) => [sin(matmul(y, w))] }).state[0],
};
for (const activation of Object.keys(ACTIVATIONS) as Activation[]) {
  for (const residual of [false, true]) {
    CASES[`a network of ${activation}${residual ? ", residual, with layer norm" : ""}`] = network(
      activation,
      {
        residual,
        layerNorm: residual,
      },
    );
  }
}

for (const [name, y] of Object.entries(CASES)) {
  Deno.test(`pushforwards() of ${name} are those of jvp()`, () => {
    const found = pushforwards(y, x, along);
    const wanted = along.map((d) => jvp([y], new Map([[x, d]]))[0]);
    const [a, b] = [evaluate(found, inputs), evaluate(wanted, inputs)];
    a.forEach(({ data, shape }, k) => {
      assert.deepEqual(shape, b[k].shape);
      data.forEach((v, i) => assert.ok(Math.abs(v - b[k].data[i]) < 1e-12 * (1 + Math.abs(v))));
    });
  });
}

Deno.test("pushforwards() differentiates an activation once, however many directions there are", () => {
  const y = silu(matmul(x, w));
  const own = new Set(topological([y]));
  const added = (count: number): number =>
    topological(pushforwards(y, x, along.slice(0, count))).filter((e) =>
      !own.has(e) && e.op !== "input"
    ).length;
  assert.equal(added(3) - added(2), 2); // a matrix product and a product with the factor
});
