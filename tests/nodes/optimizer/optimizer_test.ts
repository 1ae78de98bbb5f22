import assert from "node:assert/strict";
import {
  constant,
  evaluate,
  type Expression,
  input,
  plus,
  sin,
  times,
} from "../../../graph/mod.ts";
import type { OptimizerSpec } from "../../../dsl/spec.ts";
import {
  averaged,
  clipByGlobalNorm,
  optimizerOf,
  scheduleOf,
} from "../../../nodes/optimizer/mod.ts";

const torch: Record<string, number[][]> & { start: never } = JSON.parse(
  Deno.readTextFileSync(
    new URL("../../fixtures/peers_numbers/torch_optimizers.json", import.meta.url),
  ),
);
const learningRate = { kind: "constant", value: 0.05 } as const;
const adam = { kind: "adam", learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const CASES: Record<string, { spec: OptimizerSpec; clip?: number }> = {
  sgd: { spec: { kind: "sgd", learningRate, momentum: 0.9 } },
  plainSgd: { spec: { kind: "sgd", learningRate, momentum: 0 } },
  adam: { spec: adam },
  adamw: {
    spec: { kind: "adamw", learningRate, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1 },
  },
  clippedAdam: { spec: adam, clip: 0.5 },
};

const NAMES = ["p", "q"];
const SHAPES = [[2, 3], [1]];

/** The gradient that the stored numbers were made with. */
function gradientOf(p: Expression, step: Expression): Expression {
  return plus(sin(plus(times(3, p), step)), times(times(0.1, step), p));
}

for (const [name, { spec, clip }] of Object.entries(CASES)) {
  Deno.test(`${name} makes torch.optim's updates`, () => {
    const optimizer = optimizerOf(spec, 6);
    const step = input("step", []);
    const parameters = NAMES.map((n, i) => input(n, SHAPES[i]));
    const slots = optimizer.slots.map((s) => NAMES.map((n, i) => input(`${s}/${n}`, SHAPES[i])));
    const raw = parameters.map((p) => gradientOf(p, step));
    const gradients = clip === undefined ? raw : clipByGlobalNorm(raw, clip);
    const update = optimizer.update({ parameters, gradients, slots, step });
    const outputs = [...update.parameters, ...update.slots.flat()];
    const start = torch.start as number[];
    let state = [
      start.slice(0, 6),
      start.slice(6),
      ...slots.flatMap(() => [Array(6).fill(0), [0]]),
    ];
    const keys = [...NAMES, ...optimizer.slots.flatMap((s) => NAMES.map((n) => `${s}/${n}`))];
    torch[name].forEach((wanted, k) => {
      const inputs = Object.fromEntries(
        keys.map((key, i) => [key, { data: state[i], shape: SHAPES[i % 2] }]),
      );
      const values = evaluate(outputs, { ...inputs, step: { data: [k + 1], shape: [] } });
      state = values.map((v) => [...v.data]);
      [...state[0], ...state[1]].forEach((p, i) =>
        assert.ok(Math.abs(p - wanted[i]) < 1e-12, `update ${k + 1}: ${p} and ${wanted[i]}`)
      );
    });
  });
}

Deno.test("adam's first update has the length of the learning rate whatever the gradient's size", () => {
  const optimizer = optimizerOf(adam, 1);
  const [p, g, zero] = [constant([0, 0, 0]), constant([1e-3, -5, 1e3]), constant([0, 0, 0])];
  const { parameters } = optimizer.update({
    parameters: [p],
    gradients: [g],
    slots: [[zero], [zero]],
    step: constant(1),
  });
  const [{ data }] = evaluate(parameters, {});
  [-0.05, 0.05, -0.05].forEach((x, i) => assert.ok(Math.abs(data[i] - x) < 1e-6));
});

const rates = (spec: Parameters<typeof scheduleOf>[0], steps: number[], total = 100): number[] =>
  evaluate(steps.map((k) => scheduleOf(spec, { step: constant(k), total })), {}).map((r) =>
    r.data[0]
  );

Deno.test("schedules warm up linearly to the peak", () => {
  assert.deepEqual(rates({ kind: "linearWarmup", peak: 2, warmup: 4 }, [1, 2, 4, 5, 90]), [
    0.5,
    1,
    2,
    2,
    2,
  ]);
  const [first, last, next] = rates({ kind: "cosine", peak: 2, floor: 0, warmup: 4 }, [1, 4, 5]);
  assert.deepEqual([first, last], [0.5, 2]);
  assert.ok(next < 2 && next > 1.99);
});

Deno.test("a cosine schedule falls half way at its middle, reaches its floor at the last update and stays", () => {
  const found = rates({ kind: "cosine", peak: 1, floor: 0.1, warmup: 20 }, [60, 100, 130]);
  [0.55, 0.1, 0.1].forEach((x, i) => assert.ok(Math.abs(found[i] - x) < 1e-15));
  const [start] = rates({ kind: "cosine", peak: 1, floor: 0, warmup: 0 }, [0]);
  assert.equal(start, 1);
});

Deno.test("clipByGlobalNorm() leaves a gradient below the limit as it is", () => {
  const [g] = evaluate(clipByGlobalNorm([constant([3, 4])], 6), {});
  assert.deepEqual([...g.data], [3, 4]);
});

Deno.test("averaged() forgets the start early and then decays as told", () => {
  const decayOf = (step: number, decay: number): number => {
    const [average] = averaged([constant(1)], [constant(0)], decay, constant(step));
    return evaluate([average], {})[0].data[0];
  };
  assert.ok(Math.abs(decayOf(1, 0.999) - 2 / 11) < 1e-15);
  assert.ok(Math.abs(decayOf(90, 0.999) - 91 / 100) < 1e-15);
  assert.ok(Math.abs(decayOf(100_000, 0.999) - 0.999) < 1e-15);
  assert.ok(Math.abs(decayOf(100_000, 0.5) - 0.5) < 1e-15);
});
