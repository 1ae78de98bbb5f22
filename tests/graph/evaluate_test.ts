import assert from "node:assert/strict";
import {
  bindSizes,
  cast,
  constant,
  evaluate,
  gather,
  input,
  inputsOf,
  iota,
  matmul,
  mean,
  onesLike,
  plus,
  type Program,
  rootsOfProgram,
  sin,
  size,
  substitute,
  sum,
  times,
  trace,
  variance,
} from "../../graph/mod.ts";

const x = input("x", ["n", 2]);
const w = input("w", [2, "k"]);

Deno.test("evaluate() binds sizes from the tensors handed in", () => {
  const tensors = {
    x: { data: [1, 2, 3, 4, 5, 6], shape: [3, 2] },
    w: { data: [1, 0, 0, 1], shape: [2, 2] },
  };
  const [product, rows, average, ones] = evaluate(
    [matmul(x, w), times(size("n"), size("k")), mean(x), sum(onesLike(x))],
    tensors,
  );
  assert.deepEqual(product, { data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] });
  assert.deepEqual([rows, average, ones].map(({ data }) => data[0]), [6, 3.5, 6]);
});

Deno.test("evaluate() rejects tensors that are missing or do not fit", () => {
  const one = { data: [1, 2], shape: [1, 2] };
  assert.throws(() => evaluate([x], { y: one }), {
    name: "RangeError",
    message: /input x is missing: found y/,
  });
  assert.throws(() => evaluate([x], { x: { data: [1], shape: [1, 1] } }), {
    name: "ShapeError",
    message: /input x of shape \[n, 2\]: found 1 values of shape \[1, 1\]/,
  });
  assert.throws(() => evaluate([x], { x: { data: [1], shape: [1, 2] } }), { name: "ShapeError" });
  const other = input("other", ["n"]);
  assert.throws(() => evaluate([x, other], { x: one, other: { data: [1, 2], shape: [2] } }), {
    name: "ShapeError",
    message: /size n is 1 in one input and 2 in other/,
  });
  assert.throws(() => evaluate([iota("m")], {}), {
    name: "RangeError",
    message: /no input carries the size m/,
  });
});

Deno.test("evaluate() rejects an index outside of its axis", () => {
  const y = gather(constant([1, 2, 3]), cast(input("i", []), "i32"));
  assert.equal(evaluate([y], { i: { data: [2], shape: [] } })[0].data[0], 3);
  for (const index of [-1, 3]) {
    assert.throws(() => evaluate([y], { i: { data: [index], shape: [] } }), {
      name: "RangeError",
      message: new RegExp(`index ${index}: the axis has elements 0 to 2`),
    });
  }
});

Deno.test("evaluate() leaves the tensors handed in as they are", () => {
  const data = Float64Array.of(1, 2);
  const [y] = evaluate([x], { x: { data, shape: [1, 2] } });
  y.data[0] = 9;
  assert.equal(data[0], 1);
});

Deno.test("substitute() puts expressions in place of others", () => {
  const y = sin(plus(x, 1));
  const [z] = substitute([y], new Map([[plus(x, 1), x]]));
  assert.equal(z, sin(x));
  assert.deepEqual(inputsOf([matmul(x, w)]), [x, w]);
});

Deno.test("bindSizes() puts numbers in place of names", () => {
  const [average, spread] = bindSizes([mean(x), variance(x, { axes: 0 })], { n: 4 });
  assert.deepEqual(spread.shape, [2]);
  assert.deepEqual(inputsOf([average])[0].shape, [4, 2]);
});

Deno.test("trace() makes an expression of a function", () => {
  assert.equal(
    trace((a, b) => matmul(a, b), [{ name: "x", shape: ["n", 2] }, { name: "w", shape: [2, "k"] }]),
    matmul(x, w),
  );
  assert.equal(trace(() => 3, []), constant(3));
  assert.throws(() => trace((() => "3") as never, []), {
    name: "TypeError",
    message: /function that returns string: it must return an expression or a number/,
  });
});

Deno.test("a program computes its outputs and its next state", () => {
  const program: Program = {
    name: "count",
    inputs: [x],
    state: [{ input: w, next: plus(w, 1) }],
    outputs: { total: sum(x) },
  };
  assert.deepEqual(rootsOfProgram(program), [sum(x), plus(w, 1)]);
});
