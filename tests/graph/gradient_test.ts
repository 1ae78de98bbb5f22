import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  cast,
  constant,
  cos,
  divide,
  dot,
  evaluate,
  exp,
  type Expression,
  gradient,
  input,
  iota,
  jvp,
  matmul,
  maximum,
  mean,
  minus,
  plus,
  print,
  reduceMax,
  relu,
  sigmoid,
  silu,
  sin,
  softplus,
  sqrt,
  stopGradient,
  sum,
  sumTo,
  tanh,
  times,
  transpose,
  vjp,
} from "../../graph/mod.ts";

const x = input("x", []);
const m = input("m", [2, 3]);
const row = input("row", [3]);

function value(y: Expression, data: number): number {
  return evaluate([y], { x: { data: [data], shape: [] } })[0].data[0];
}

Deno.test("gradient() by an expression that is not an input", () => {
  const inner = sin(x);
  const y = times(inner, inner);
  assert.equal(value(gradient(y, [inner])[0], 1), 2 * Math.sin(1));
  assert.equal(value(gradient(y, [x])[0], 1), 2 * Math.sin(1) * Math.cos(1));
});

Deno.test("gradient() by an expression and by what it is made of", () => {
  const inner = sin(x);
  const y = times(inner, x);
  const [byInner, byX] = gradient(y, [inner, x]);
  assert.equal(value(byInner, 2), 2);
  assert.equal(value(byX, 2), 2 * Math.cos(2) + Math.sin(2));
});

Deno.test("gradient() by the sigmoid inside of silu does not mistake the product for silu", () => {
  const s = sigmoid(x);
  const [byS] = gradient(times(x, s), [s]);
  assert.equal(value(byS, 3), 3);
  const [moved] = jvp([times(x, s)], new Map([[s, constant(1)]]));
  assert.equal(value(moved, 3), 3);
  const [both] = jvp([times(x, s)], new Map([[x, constant(1)], [s, constant(0)]]));
  assert.equal(value(both, 0), 0.5);
});

Deno.test("gradient() by an input that y does not depend on is zero in its shape", () => {
  const [g] = gradient(sin(x), [m]);
  assert.deepEqual(g.shape, [2, 3]);
  const tensors = { m: { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] } };
  assert.deepEqual([...evaluate([g], tensors)[0].data], [0, 0, 0, 0, 0, 0]);
});

Deno.test("gradient() does not pass stopGradient", () => {
  assert.equal(value(gradient(times(x, stopGradient(x)), [x])[0], 5), 5);
  assert.equal(value(jvp([times(x, stopGradient(x))], new Map([[x, constant(1)]]))[0], 5), 5);
});

Deno.test("gradient() does not pass integers", () => {
  const y = times(x, cast(cast(times(x, 3), "i32"), "f32"));
  assert.equal(value(gradient(y, [x])[0], 1.5), 4);
});

Deno.test("gradient() sums over the axes that were broadcast, and only there", () => {
  const [byRow, byM] = gradient(sum(times(m, row)), [row, m]);
  assert.equal(
    print([byRow, byM]),
    [
      "%0: f32[2, 3] = mul 1 m",
      "%1: f32[3] = sum %0 axes=[0]",
      "%2: f32[3] = mul 1 row",
      "%3: f32[2, 3] = broadcast %2",
      "return %1, %3",
    ].join("\n"),
  );
});

Deno.test("gradient() of matmul uses flags, not transposed copies", () => {
  const a = input("a", [4, 2]);
  assert.equal(
    print(gradient(sum(matmul(a, m)), [a, m])),
    [
      "%0: f32[4, 3] = broadcast 1",
      "%1: f32[4, 2] = matmul %0 m transposeB=true",
      "%2: f32[2, 3] = matmul a %0 transposeA=true",
      "return %1, %2",
    ].join("\n"),
  );
  const at = input("at", [2, 4]);
  const y = matmul(at, input("mt", [3, 2]), { transposeA: true, transposeB: true });
  assert.doesNotMatch(print(gradient(sum(sin(y)), [at])), /= transpose/);
});

Deno.test("relu has derivative 0 at 0, and where two are greatest each has a half of it", () => {
  assert.equal(value(gradient(relu(x), [x])[0], 0), 0);
  assert.equal(value(gradient(relu(x), [x])[0], 2), 1);
  const [g] = gradient(reduceMax(row), [row]);
  const tensors = { row: { data: [4, 1, 4], shape: [3] } };
  assert.deepEqual([...evaluate([g], tensors)[0].data], [0.5, 0, 0.5]);
});

Deno.test("jvp() in several directions shares what they have in common", () => {
  const y = silu(silu(row));
  const directions = [0, 1, 2].map((k) => constant([0, 1, 2].map((i) => Number(i === k))));
  const moves = directions.map((d) => jvp([y], new Map([[row, d]]))[0]);
  const tensors = { row: { data: [1, -2, 3], shape: [3] } };
  const jacobian = evaluate(moves, tensors).map(({ data }) => [...data]);
  jacobian.forEach((line, i) => line.forEach((entry, j) => assert.equal(entry !== 0, i === j)));
  const sigmoids = print(moves).match(/= sigmoid/g);
  assert.equal(sigmoids?.length, 2);
});

Deno.test("gradient() rejects a tensor without a cotangent, jvp() a direction of another shape", () => {
  assert.throws(() => gradient(m, [m]), {
    name: "ShapeError",
    message: /gradient of a tensor of shape \[2, 3\]/,
  });
  assert.throws(() => gradient(m, [m], row), {
    name: "ShapeError",
    message: /cotangent of shape \[3\]/,
  });
  assert.throws(() => jvp([m], new Map([[m, row]])), {
    name: "ShapeError",
    message: /direction of shape \[3\]/,
  });
  assert.throws(() => vjp([iota(3)], [m], [row]), { name: "ShapeError", message: /i32\[3\]/ });
});

Deno.test("gradient() goes through a chain of ten thousand ops", () => {
  let y: Expression = x;
  for (let i = 0; i < 10_000; i++) y = plus(y, times(1e-4, y));
  assert.ok(Math.abs(value(gradient(y, [x])[0], 1) - (1 + 1e-4) ** 10_000) < 1e-10);
});

const SMOOTH: readonly ((a: Expression, b: Expression) => Expression)[] = [
  plus,
  minus,
  times,
  (a, b) => divide(a, plus(2, times(b, b))),
  (a) => sin(a),
  (a) => tanh(a),
  (a) => silu(a),
  (a) => softplus(a),
  (a) => sqrt(plus(1, times(a, a))),
  (a, b) => exp(minus(0, plus(times(a, a), times(b, b)))),
  (a, b) => maximum(plus(cos(a), 3), b),
  (a, b) => matmul(a, b),
  (a) => transpose(a),
  (a, b) => plus(a, sumTo([3], b)),
  (a, b) => times(a, mean(b, { axes: 1, keep: true })),
];

Deno.test("gradient() and jvp() of random graphs agree with finite differences", () => {
  const step = fc.tuple(fc.nat(SMOOTH.length - 1), fc.nat(20), fc.nat(20));
  const numbers = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 8 }),
      numbers,
      numbers,
      (steps, at, way) => {
        const z = input("z", [3, 3]);
        const pool: Expression[] = [z, tanh(transpose(z))];
        for (const [op, i, j] of steps) {
          const y = SMOOTH[op](pool[i % pool.length], pool[j % pool.length]);
          pool.push(tanh(y)); // keeps sizes of derivatives near 1
        }
        const f = mean(times(pool.at(-1)!, constant([1, 2, 3])));
        const direction = constant(way.map((v) => v / 100), [3, 3]);
        const slope = dot(gradient(f, [z])[0], direction);
        const [move] = jvp([f], new Map([[z, direction]]));
        const h = 1e-5;
        const tensors = (t: number) => ({
          z: { data: at.map((v, i) => v / 70 + t * way[i] / 100), shape: [3, 3] },
        });
        const [reverse, forward] = evaluate([slope, move], tensors(0)).map(({ data }) => data[0]);
        const [up, down] = [h, -h].map((t) => evaluate([f], tensors(t))[0].data[0]);
        assert.ok(Math.abs(reverse - forward) <= 1e-10 * Math.max(1, Math.abs(forward)));
        // central differences: rounding of 1e-16 / 1e-5, truncation of 1e-10 times third derivatives
        assert.ok(
          Math.abs((up - down) / (2 * h) - forward) <= 1e-6 * Math.max(1, Math.abs(forward)),
        );
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});
