import assert from "node:assert/strict";
import {
  cast,
  constant,
  divide,
  evaluate,
  type Expression,
  gather,
  gradient,
  input,
  iota,
  jvp,
  less,
  loop,
  matmul,
  mean,
  minus,
  onesLike,
  plus,
  power,
  simplify,
  sin,
  size,
  sum,
  times,
} from "../../graph/mod.ts";

const a = input("a", []);
const at = (value: number) => ({ a: { data: [value], shape: [] } });

function values(ys: readonly Expression[], a: number): number[][] {
  return evaluate(ys, at(a)).map(({ data }) => [...data]);
}

Deno.test("loop() counts, hands the index on and collects", () => {
  const { state, collected, iterations } = loop({
    state: [a, 0],
    count: 4,
    body: (i, s, t) => ({
      state: [times(s, 2), plus(t, cast(i, "f32"))],
      collect: [s, times(i, i)],
    }),
  });
  assert.deepEqual(collected.map(({ shape }) => shape), [[4], [4]]);
  assert.deepEqual(values([...state, ...collected, iterations], 3), [
    [48],
    [6],
    [3, 6, 12, 24],
    [0, 1, 4, 9],
    [4],
  ]);
});

Deno.test("loop() with a condition stops before the first state that fails it", () => {
  const { state, collected, iterations } = loop({
    state: [a],
    while: (s) => less(s, 20),
    body: (_, s) => ({ state: [times(s, 3)], collect: [s] }),
  });
  assert.equal(typeof collected[0].shape[0], "string");
  assert.deepEqual(values([...state, ...collected, iterations], 1), [[27], [1, 3, 9], [3]]);
  assert.deepEqual(values([...state, ...collected, iterations], 30), [[30], [], [0]]);
});

Deno.test("loop() with a count and a condition ends with the first of them", () => {
  const { iterations } = loop({
    state: [a],
    count: 2,
    while: (s) => less(s, 20),
    body: (_, s) => [times(s, 3)],
  });
  assert.deepEqual(values([iterations], 1), [[2]]);
  assert.deepEqual(values([iterations], 10), [[1]]);
});

Deno.test("loop() takes a count that is computed, also one that is not positive", () => {
  const { state } = loop({ state: [1], count: cast(a, "i32"), body: (_, s) => [times(s, 2)] });
  assert.deepEqual(values(state, 5), [[32]]);
  assert.deepEqual(values(state, 0), [[1]]);
  assert.deepEqual(values(state, -3), [[1]]);
});

Deno.test("loop() computes outside what does not depend on the iteration", () => {
  const outside = sin(a);
  const { state: [y] } = loop({ state: [1], count: 3, body: (_, s) => [times(s, outside)] });
  const [node] = y.inputs;
  assert.equal(node.op, "loop");
  assert.ok((node.inputs as readonly Expression[]).includes(outside));
});

Deno.test("loop() built twice is one expression", () => {
  const make = () => loop({ state: [a], count: 3, body: (i, s) => [times(s, cast(i, "f32"))] });
  assert.equal(make().state[0], make().state[0]);
});

Deno.test("loop() in a loop may use the variables of both", () => {
  const { state: [y] } = loop({
    state: [a],
    count: 3,
    body: (i, s) => {
      const inner = loop({
        state: [0],
        count: i,
        body: (j, t) => [plus(t, times(s, cast(plus(i, j), "f32")))],
      });
      return [plus(s, inner.state[0])];
    },
  });
  // i = 0: nothing; i = 1: s (1 + 0); i = 2: s (2 + 0) + s (2 + 1)
  assert.deepEqual(values([y], 1), [[2 + 2 * 5]]);
});

Deno.test("gradient() goes through a counted loop to state, captured and collected values", () => {
  const { state: [y], collected: [all] } = loop({
    state: [a],
    count: 3,
    body: (_, s) => ({ state: [times(s, a)], collect: [s] }),
  });
  // y = a^4, all = a, a², a³
  const f = plus(y, sum(all));
  const [slope] = gradient(f, [a]);
  const [curvature] = gradient(slope, [a]);
  const [third] = jvp([curvature], new Map([[a, constant(1)]]));
  assert.deepEqual(values([f, slope, curvature, third], 2), [
    [16 + 14],
    [32 + 1 + 4 + 12],
    [48 + 2 + 12],
    [48 + 6],
  ]);
});

Deno.test("gradient() goes through a while loop, the number of iterations held fixed", () => {
  const { state: [y] } = loop({
    state: [a],
    while: (s) => less(s, 100),
    body: (_, s) => [times(s, s)],
  });
  const [slope] = gradient(y, [a]);
  const [curvature] = jvp([slope], new Map([[a, constant(1)]]));
  assert.deepEqual(values([y, slope, curvature], 2), [[256], [8 * 2 ** 7], [56 * 2 ** 6]]);
  assert.deepEqual(values([y, slope], 200), [[200], [1]]);
});

Deno.test("gradient() reaches a state only through another state, several iterations later", () => {
  const { state: [, , y] } = loop({
    state: [a, 0, 0],
    count: 3,
    body: (_, r, s) => [r, times(r, r), s],
  });
  assert.deepEqual(values([y, ...gradient(y, [a])], 3), [[9], [6]]);
});

Deno.test("gradient() by an expression inside of the arguments of a loop", () => {
  const start = times(a, 2);
  const { state: [y] } = loop({ state: [start], count: 2, body: (_, s) => [times(s, start)] });
  assert.deepEqual(values(gradient(y, [start, a]), 1), [[12], [24]]);
});

Deno.test("gradient() by a value that the loop only counts with is zero", () => {
  const { state: [y] } = loop({
    state: [1],
    count: cast(a, "i32"),
    body: (_, s) => [times(s, 2)],
  });
  assert.deepEqual(values(gradient(y, [a]), 4), [[0]]);
});

Deno.test("gradient() of a loop over matrices is that of the unrolled loop", () => {
  const w = input("w", [2, 2]);
  const x = input("x", ["n", 2]);
  const step = (s: Expression) => sin(matmul(s, w));
  const looped = loop({ state: [x], count: 3, body: (_, s) => [step(s)] }).state[0];
  const unrolled = step(step(step(x)));
  const tensors = {
    w: { data: [0.5, -1, 2, 0.3], shape: [2, 2] },
    x: { data: [1, 2, 3, 4, 5, 6], shape: [3, 2] },
  };
  const [a, b] = [looped, unrolled].map((y) => evaluate(gradient(sum(y), [w, x]), tensors));
  a.forEach(({ data }, k) =>
    data.forEach((value, i) => assert.ok(Math.abs(value - b[k].data[i]) < 1e-12))
  );
});

Deno.test("jvp() of an adaptive loop moves its collected values", () => {
  const { collected: [all] } = loop({
    state: [a],
    while: (s) => less(s, 10),
    body: (_, s) => ({ state: [times(s, 2)], collect: [power(s, 2)] }),
  });
  const [moved] = jvp([all], new Map([[a, constant(1)]]));
  assert.deepEqual(moved.shape, all.shape);
  assert.deepEqual(values([all, moved], 3), [[9, 36], [6, 24]]);
});

Deno.test("the number of iterations is a size that may be read before the loop", () => {
  const { state: [last], collected: [all] } = loop({
    state: [a],
    while: (s) => less(s, 10),
    body: (_, s) => ({ state: [times(s, 2)], collect: [s] }),
  });
  // all = a, 2a, ... until 10: from 3 that is 3 and 6, whose mean has the derivative 1.5
  const [slope] = gradient(mean(all), [a]);
  const count = cast(size(all.shape[0]), "f32");
  assert.deepEqual(values([slope, mean(all)], 3), [[1.5], [4.5]]);
  assert.deepEqual(values([plus(count, times(0, sum(all)))], 3), [[2]]);
  const ones = [sum(onesLike(all)), last];
  assert.deepEqual(values(ones, 3), [[2], [12]]);
  assert.deepEqual(values(simplify(ones), 3), [[2], [12]]);
});

Deno.test("gather() reads the last collected value of a loop of unknown length", () => {
  const { collected: [all], iterations } = loop({
    state: [a],
    while: (s) => less(s, 10),
    body: (_, s) => ({ state: [plus(s, 2)], collect: [s] }),
  });
  assert.deepEqual(values([gather(all, minus(iterations, 1))], 3), [[9]]);
});

Deno.test("collected values of one loop have one length, those of another loop another", () => {
  const run = (by: number) =>
    loop({
      state: [a],
      while: (s) => less(s, 10),
      body: (_, s) => ({ state: [plus(s, by)], collect: [s, divide(1, s)] }),
    }).collected;
  const [p, q] = run(1);
  assert.equal(plus(p, q).shape[0], p.shape[0]);
  assert.throws(() => plus(p, run(2)[0]), { name: "ShapeError", message: /Cannot add/ });
});

Deno.test("loop() rejects a body that changes the shape of the state", () => {
  assert.throws(() => loop({ state: [a], count: 2, body: (_, s) => [plus(s, constant([1, 2]))] }), {
    name: "ShapeError",
    message: /body changes the shape of state 0 from \[\] to \[2\]/,
  });
});

Deno.test("loop() rejects a body that changes the dtype or the number of states", () => {
  assert.throws(() => loop({ state: [a], count: 2, body: (i) => [i] }), {
    name: "TypeError",
    message: /dtype of state 0 from f32 to i32/,
  });
  assert.throws(() => loop({ state: [a], count: 2, body: (_, s) => [s, s] }), {
    name: "RangeError",
    message: /returns 2 states: it takes 1/,
  });
});

Deno.test("loop() rejects a loop without an end, a real count and a condition that is no truth value", () => {
  assert.throws(() => loop({ state: [a], body: (_, s) => [s] }), {
    name: "TypeError",
    message: /give count, while, or both/,
  });
  assert.throws(() => loop({ state: [a], count: a, body: (_, s) => [s] }), {
    name: "TypeError",
    message: /count is an i32 scalar/,
  });
  assert.throws(() => loop({ state: [a], while: (s) => s, body: (_, s) => [s] }), {
    name: "TypeError",
    message: /condition of f32\[\]: it must be a bool scalar/,
  });
  assert.throws(
    () => loop({ state: [a], while: (s) => less(s, iota(2)), body: (_, s) => [s] }),
    { name: "TypeError", message: /dtypes f32 and i32/ },
  );
});
