import assert from "node:assert/strict";
import {
  and,
  argMax,
  broadcast,
  broadcastShapes,
  cast,
  concat,
  constant,
  convolution,
  convolutionInput,
  cumulativeSum,
  exp,
  expandDims,
  type Expression,
  gather,
  input,
  iota,
  matmul,
  pad,
  plus,
  random,
  reshape,
  reverse,
  scatterAdd,
  select,
  ShapeError,
  size,
  slice,
  sliceAxis,
  squeeze,
  stack,
  sum,
  sumTo,
  times,
  transpose,
} from "../../graph/mod.ts";

const m = input("m", [2, 3]);
const n = input("n", ["n", 3]);
const images = input("images", [8, 3, 5, 5]);
const flag = input("flag", [], "bool");

const FAILURES: readonly (readonly [string, () => unknown, string, RegExp])[] = [
  [
    "plus() of sizes that differ",
    () => plus(m, input("v", [2])),
    "ShapeError",
    /^Cannot add \[2, 3\] and \[2\] as sizes must match or be 1: axis 1 is 3 and 2$/,
  ],
  [
    "plus() of sizes that have different names",
    () => plus(n, input("k", ["k", 3])),
    "ShapeError",
    /axis 0 is n and k/,
  ],
  ["plus() of a name and a number", () => plus(n, m), "ShapeError", /axis 0 is n and 2/],
  [
    "plus() of dtypes that differ",
    () => plus(m, iota(3)),
    "TypeError",
    /dtypes f32 and i32: cast one of them/,
  ],
  [
    "exp() of integers",
    () => exp(iota(3)),
    "TypeError",
    /Cannot exp a tensor of dtype i32: it takes f32/,
  ],
  ["and() of reals", () => and(m, m), "TypeError", /it takes bool/],
  [
    "select() by reals",
    () => select(m, m, m),
    "TypeError",
    /Cannot select a tensor of dtype f32: it takes bool/,
  ],
  [
    "select() of shapes that differ",
    () => select(flag, m, input("v", [2])),
    "ShapeError",
    /Cannot select/,
  ],
  [
    "sum() over an axis that is not there",
    () => sum(m, { axes: 2 }),
    "ShapeError",
    /on axis 2: it has 2 axes/,
  ],
  [
    "argMax() of a scalar",
    () => argMax(constant(1), 0),
    "ShapeError",
    /\[\] on axis 0: it has 0 axes/,
  ],
  ["cumulativeSum() over half an axis", () => cumulativeSum(m, 0.5), "ShapeError", /on axis 0.5/],
  [
    "matmul() of inner sizes that differ",
    () => matmul(m, m),
    "ShapeError",
    /^Cannot matmul \[2, 3\] and \[2, 3\] as the inner sizes must match: 3 and 2$/,
  ],
  [
    "matmul() of transposed factors",
    () => matmul(m, m, { transposeA: true, transposeB: true }),
    "ShapeError",
    /\[2, 3\] transposed and \[2, 3\] transposed/,
  ],
  [
    "matmul() with a vector",
    () => matmul(m, input("v", [3])),
    "ShapeError",
    /each factor needs two axes or more/,
  ],
  [
    "matmul() of integers",
    () => matmul(reshape(iota(4), [2, 2]), reshape(iota(4), [2, 2])),
    "TypeError",
    /dtype i32/,
  ],
  [
    "convolution() of other channels",
    () => convolution(images, input("w", [4, 2, 3, 3])),
    "ShapeError",
    /must have the same channels/,
  ],
  [
    "convolution() with a kernel larger than the image",
    () => convolution(images, input("w", [4, 3, 6, 3])),
    "ShapeError",
    /the kernel must fit into the padded image/,
  ],
  [
    "convolution() with stride 0",
    () => convolution(images, input("w", [4, 3, 3, 3]), { strides: [0, 1] }),
    "ShapeError",
    /strides \[0, 1\]/,
  ],
  [
    "convolutionInput() of a cotangent of another shape",
    () => convolutionInput(images, input("w", [4, 3, 3, 3]), { shape: [8, 3, 5, 5] }),
    "ShapeError",
    /is \[8, 4, 3, 3\]: found \[8, 3, 5, 5\]/,
  ],
  [
    "convolution() of images of unknown height",
    () => convolution(input("i", [1, 3, "h", 5]), input("w", [4, 3, 3, 3])),
    "ShapeError",
    /heights and widths must be numbers/,
  ],
  [
    "reshape() to another number of elements",
    () => reshape(m, [4, 2]),
    "ShapeError",
    /^Cannot reshape \[2, 3\] to \[4, 2\] as the numbers of elements must be equal$/,
  ],
  [
    "reshape() to what is left, if it is no whole number",
    () => reshape(m, [4, -1]),
    "ShapeError",
    /no one size/,
  ],
  ["reshape() of a name away", () => reshape(n, [3]), "ShapeError", /\[n, 3\] to \[3\]/],
  [
    "transpose() with an axis twice",
    () => transpose(m, [0, 0]),
    "ShapeError",
    /each axis must stand there once/,
  ],
  [
    "broadcast() to a shape that is smaller",
    () => broadcast(m, [3]),
    "ShapeError",
    /Cannot broadcast \[2, 3\] to \[3\]/,
  ],
  [
    "concat() of sizes that differ beside the axis",
    () => concat([m, transpose(m)], 0),
    "ShapeError",
    /Cannot concat \[2, 3\], \[3, 2\] on axis 0/,
  ],
  ["concat() of nothing", () => concat([], 0), "RangeError", /give at least one/],
  [
    "concat() along an axis that has a name",
    () => concat([n, n], 0),
    "ShapeError",
    /its sizes must be numbers/,
  ],
  [
    "slice() past the end",
    () => slice(m, { starts: [0, 0], ends: [2, 4] }),
    "ShapeError",
    /axis 1 has elements 0 to 2/,
  ],
  [
    "slice() with a step of 0",
    () => slice(m, { starts: [0, 0], steps: [1, 0] }),
    "ShapeError",
    /by \[1, 0\]/,
  ],
  ["slice() of fewer axes", () => slice(m, { starts: [1] }), "ShapeError", /one number per axis/],
  [
    "slice() of a part of an axis that has a name",
    () => sliceAxis(n, { axis: 0, start: 0, end: 2 }),
    "ShapeError",
    /axis 0 has a name, so take all of it/,
  ],
  [
    "pad() by less than nothing",
    () => pad(m, { low: [-1, 0], high: [0, 0] }),
    "ShapeError",
    /Cannot pad \[2, 3\]/,
  ],
  ["reverse() of an axis that is not there", () => reverse(m, 5), "ShapeError", /on axis 5/],
  [
    "gather() by reals",
    () => gather(m, m),
    "TypeError",
    /Cannot gather a tensor of dtype f32: it takes i32/,
  ],
  [
    "scatterAdd() of updates that lack the axes of the indices",
    () => scatterAdd(iota(4), m, { axis: 0, size: 9 }),
    "ShapeError",
    /the axes of the indices must stand there/,
  ],
  [
    "random() at a step that is no scalar",
    () => random({ distribution: "normal", seed: 0, stream: "s", shape: [2] }, iota(2)),
    "ShapeError",
    /must be a scalar/,
  ],
  [
    "sumTo() a shape that does not broadcast",
    () => sumTo([2], m),
    "ShapeError",
    /Cannot sum \[2, 3\] to \[2\]/,
  ],
  [
    "squeeze() of an axis that is larger than 1",
    () => squeeze(m, 0),
    "ShapeError",
    /Cannot reshape/,
  ],
  [
    "constant() of too few values",
    () => constant([1, 2], [3]),
    "ShapeError",
    /of shape \[3\] from 2 values/,
  ],
  [
    "input() of half a size",
    () => input("h", [0.5]),
    "ShapeError",
    /a size is a whole number or a name, found 0.5/,
  ],
  ["input() of a size below 0", () => input("h", [-1]), "ShapeError", /found -1/],
];

for (const [title, build, name, message] of FAILURES) {
  Deno.test(`${title} is rejected in words`, () => {
    assert.throws(build, { name, message });
  });
}

Deno.test("a ShapeError is a RangeError that carries the shapes", () => {
  assert.throws(() => plus(m, input("v", [2])), (error) => {
    assert.ok(error instanceof ShapeError && error instanceof RangeError);
    assert.deepEqual(error.shapes, [[2, 3], [2]]);
    return true;
  });
});

Deno.test("broadcastShapes() aligns shapes at the last axis and stretches sizes of 1", () => {
  assert.deepEqual(broadcastShapes("add", [2, 1, 3], [4, 1]), [2, 4, 3]);
  assert.deepEqual(broadcastShapes("add", ["n", 1], ["d"]), ["n", "d"]);
  assert.deepEqual(broadcastShapes("add", [1], ["n", 0]), ["n", 0]);
});

Deno.test("reshape() finds the one size that is left, a number or a name", () => {
  assert.deepEqual(reshape(m, [-1]).shape, [6]);
  assert.deepEqual(reshape(n, [-1, 1, 3]).shape, ["n", 1, 3]);
  assert.deepEqual(reshape(n, ["n", -1]).shape, ["n", 3]);
});

Deno.test("stack(), expandDims() and squeeze() make and remove axes", () => {
  assert.deepEqual(stack([m, m, m], 1).shape, [2, 3, 3]);
  assert.deepEqual(stack([n, n], -1).shape, ["n", 3, 2]);
  assert.deepEqual(expandDims(n, -1).shape, ["n", 3, 1]);
  assert.equal(squeeze(expandDims(n, 0), 0).shape.length, 2);
});

Deno.test("builders that change nothing return what they were given", () => {
  const same: Expression[] = [
    reshape(m, [2, 3]),
    transpose(m, [0, 1]),
    broadcast(m, [2, 3]),
    slice(m, { starts: [0, 0] }),
    pad(m, { low: [0, 0], high: [0, 0] }),
    reverse(m, []),
    concat([m], 0),
    sum(m, { axes: [] }),
    sumTo([2, 3], m),
    cast(m, "f32"),
  ];
  for (const y of same) assert.equal(y, m);
});

Deno.test("identical expressions are one object, others are not", () => {
  assert.equal(times(plus(m, 1), 2), times(plus(m, 1), 2));
  assert.notEqual(times(m, 1), times(1, m));
  assert.notEqual(constant(0), constant(-0));
  assert.equal(constant(NaN), constant(NaN));
  const large = Float64Array.from({ length: 1000 }, (_, i) => i);
  const other = large.slice();
  other[999] = -1;
  assert.equal(constant(large), constant(large.slice()));
  assert.notEqual(constant(large), constant(other));
  assert.notEqual(constant([1, 0], [2]), constant([1, 0], [1, 2]));
});

Deno.test("numbers beside integers are integers", () => {
  assert.equal(plus(iota(3), 1).dtype, "i32");
  assert.equal(times(2, size("n")).dtype, "i32");
  assert.throws(() => plus(iota(3), 0.5), { name: "TypeError" });
});

Deno.test("the arity of an op is part of its type", () => {
  if (m.op === "matmul") {
    const [a, b] = m.inputs;
    assert.ok(a && b);
    // @ts-expect-error a matrix product has two inputs
    assert.equal(m.inputs[2], undefined);
  }
  // @ts-expect-error a binary builder takes two values
  assert.throws(() => plus(m));
  // @ts-expect-error a string is no value
  assert.throws(() => plus(m, "1"));
  // @ts-expect-error there is no such dtype
  assert.equal(input("x", [], "f64").dtype, "f64");
});
