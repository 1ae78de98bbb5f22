import {
  abs,
  and,
  argMax,
  broadcast,
  cast,
  concat,
  constant,
  convolution,
  convolutionInput,
  convolutionWeight,
  cos,
  cumulativeSum,
  divide,
  equal,
  erf,
  exp,
  type Expression,
  floor,
  gather,
  input,
  iota,
  less,
  lessOrEqual,
  log,
  log1p,
  loop,
  matmul,
  maximum,
  minimum,
  minus,
  negate,
  not,
  type OpName,
  or,
  pad,
  plus,
  power,
  random,
  reciprocal,
  reduceMax,
  reshape,
  reverse,
  scatterAdd,
  select,
  sigmoid,
  sign,
  sin,
  size,
  slice,
  softplus,
  sqrt,
  stopGradient,
  sum,
  tanh,
  times,
  transpose,
} from "../../../graph/mod.ts";
import type { RunTensors } from "../../../runtime/backends/mod.ts";

/** Expressions to compare with the reference, and what they read. */
export interface Case {
  readonly name: string;
  readonly ys: readonly Expression[];
  readonly inputs: RunTensors;
  /** Greatest difference allowed, relative to 1 + |expected|. By default a few roundings of float32. */
  readonly tolerance?: number;
}

/** Ordinary and awkward numbers; the last are where implementations differ. */
const NUMBERS = [0.5, -0.5, 1, -1, 2, -3.25, 0.1, 7, -20, 30, 1e-3, -1e-3, 1e-8, 0, -0];
const AWKWARD = [NaN, Infinity, -Infinity, 1e30, -1e30, 88, -88];

const f32 = (data: readonly number[], shape: readonly number[] = [data.length]) => ({
  data: Float32Array.from(data),
  shape,
});
const i32 = (data: readonly number[], shape: readonly number[] = [data.length]) => ({
  data: Int32Array.from(data),
  shape,
});
const ramp = (...shape: number[]) => {
  const length = shape.reduce((a, b) => a * b, 1);
  return f32(Array.from({ length }, (_, i) => Math.sin(1 + 2.3 * i)), shape);
};

function unary(
  name: OpName,
  build: (x: Expression) => Expression,
  numbers: readonly number[] = [...NUMBERS, ...AWKWARD],
  tolerance?: number,
): Case[] {
  const x = input("x", ["n"]);
  const scalar = input("s", []);
  return [
    { name: `${name} of a vector`, ys: [build(x)], inputs: { x: f32(numbers) }, tolerance },
    { name: `${name} of a scalar`, ys: [build(scalar)], inputs: { s: f32([0.7], []) }, tolerance },
  ];
}

function binary(
  name: OpName,
  build: (a: Expression, b: Expression) => Expression,
  numbers: readonly number[] = [...NUMBERS, ...AWKWARD],
): Case[] {
  const column = input("a", ["m", 1]);
  const row = input("b", [numbers.length]);
  const whole = numbers.filter((n) => Number.isInteger(n) && Math.abs(n) < 100 && n !== 0);
  const [p, q] = [input("p", [whole.length, 1], "i32"), input("q", ["k"], "i32")];
  const real = name === "pow";
  return [
    {
      name: `${name} of all pairs`,
      ys: [build(column, row)],
      inputs: { a: f32(numbers, [numbers.length, 1]), b: f32(numbers) },
    },
    ...(real ? [] : [{
      name: `${name} of all pairs of integers`,
      ys: [build(p, q)],
      inputs: { p: i32(whole, [whole.length, 1]), q: i32(whole) },
    }]),
  ];
}

const truth = (name: string): Expression => less(0, input(name, ["n"]));
const TRUTHS = { x: f32([1, 1, -1, -1]), y: f32([1, -1, 1, -1]) };
const logic = (name: OpName, y: Expression): Case[] => [{ name, ys: [y], inputs: TRUTHS }];

const integers = input("k", ["k"], "i32");
const INTEGERS = { k: i32([3, -2, 0, 7, -(2 ** 31), 2 ** 31 - 1]) };
const matrix = input("x", ["n", 4]);
const MATRIX = { x: ramp(3, 4) };
const cube = input("c", [2, 3, 4]);
const CUBE = { c: ramp(2, 3, 4) };

function windows(): {
  name: string;
  options: Parameters<typeof convolution>[2] & object;
  image: number[];
  kernel: number[];
}[] {
  return [
    { name: "plain", options: {}, image: [2, 3, 6, 5], kernel: [4, 3, 3, 2] },
    {
      name: "padded",
      options: { padding: [[1, 1], [1, 1]] },
      image: [2, 3, 6, 5],
      kernel: [4, 3, 3, 3],
    },
    {
      name: "padded unevenly",
      options: { padding: [[2, 0], [0, 1]] },
      image: [1, 2, 5, 5],
      kernel: [3, 2, 3, 3],
    },
    {
      name: "padded beyond the kernel",
      options: { padding: [[1, 1], [2, 1]] },
      image: [1, 2, 4, 4],
      kernel: [2, 2, 1, 1],
    },
    {
      name: "strided",
      options: { strides: [2, 3], padding: [[1, 0], [1, 1]] },
      image: [2, 2, 8, 9],
      kernel: [3, 2, 3, 3],
    },
  ];
}

function convolutions(kind: "convolution" | "convolutionInput" | "convolutionWeight"): Case[] {
  return windows().map(({ name, options, image, kernel }) => {
    const [x, w] = [input("x", image), input("w", kernel)];
    const y = convolution(x, w, options);
    const g = input("g", y.shape);
    const built = {
      convolution: () => y,
      convolutionInput: () => convolutionInput(g, w, { ...options, shape: image }),
      convolutionWeight: () => convolutionWeight(x, g, { ...options, shape: kernel }),
    }[kind]();
    const inputs = { x: ramp(...image), w: ramp(...kernel), g: ramp(...(y.shape as number[])) };
    return { name: `${kind}, ${name}`, ys: [built], inputs, tolerance: 5e-6 };
  });
}

function products(): Case[] {
  const cases: Case[] = [];
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const options = { transposeA, transposeB };
      const pair = (rows: number, inner: number, flag: boolean) =>
        flag ? [inner, rows] : [rows, inner];
      const left = pair(3, 5, transposeA);
      const right = pair(5, 2, transposeB);
      const add = (name: string, a: number[], b: number[]) =>
        cases.push({
          name: `matmul ${name} ${transposeA ? "T" : "N"}${transposeB ? "T" : "N"}`,
          ys: [matmul(input("a", a), input("b", b), options)],
          inputs: { a: ramp(...a), b: ramp(...b) },
        });
      add("of matrices", left, right);
      add("of batches", [4, ...left], [4, ...right]);
      add("of a batch and a matrix", [2, 4, ...left], right);
      add("of a matrix and a batch", left, [4, ...right]);
      add("of batches that broadcast", [2, 1, ...left], [4, ...right]);
    }
  }
  const [a, b] = [input("a", ["n", 4]), input("b", [4, 3])];
  const [row, full] = [input("row", [3]), input("full", ["n", 3])];
  const inputs = { a: ramp(5, 4), b: ramp(4, 3), row: ramp(3), full: ramp(5, 3) };
  const product = matmul(a, b);
  cases.push(
    { name: "matmul plus a row", ys: [plus(product, row)], inputs },
    { name: "matmul from a row", ys: [minus(row, product)], inputs },
    {
      name: "matmul scaled, plus a scaled matrix",
      ys: [plus(times(full, 0.9), times(0.1, product))],
      inputs,
    },
    { name: "matmul plus a row, and by itself", ys: [plus(product, row), product], inputs },
    { name: "matmul plus a number", ys: [plus(negate(product), 2)], inputs },
    {
      name: "matmul of nothing summed",
      ys: [matmul(input("e", [2, 0]), input("z", [0, 3]))],
      inputs: { e: f32([], [2, 0]), z: f32([], [0, 3]) },
    },
  );
  return cases;
}

function loops(): Case[] {
  const x = input("x", ["n", 2]);
  const count = input("count", [], "i32");
  const inputs = { x: ramp(3, 2), count: i32([4], []) };
  const counted = loop({
    state: [x, 1],
    count,
    body: (i, y, k) => ({
      state: [plus(y, times(cast(i, "f32"), exp(negate(x)))), times(k, 2)],
      collect: [sum(y), y],
    }),
  });
  const whiled = loop({
    state: [x, 0],
    while: (_y, total) => less(total, 3),
    body: (_i, y, total) => [times(y, 1.5), plus(total, 1)],
  });
  const both = loop({
    state: [1],
    count: 10,
    while: (y) => less(y, input("limit", [])),
    body: (_i, y) => ({ state: [times(y, 2)], collect: [y] }),
  });
  const never = loop({
    state: [x],
    while: () => less(sum(x), -1e9),
    body: (_i, y) => [times(y, 2)],
  });
  const nested = loop({
    state: [x],
    count: 3,
    body: (i, y) => {
      const inner = loop({
        state: [y],
        count: plus(i, 1),
        body: (j, z) => [plus(z, times(cast(times(i, j), "f32"), sin(y)))],
      });
      return [inner.state[0]];
    },
  });
  const swapped = loop({ state: [1, 2], count: 3, body: (_i, a, b) => [b, a] });
  return [
    {
      name: "loop, counted at run time",
      ys: [...counted.state, ...counted.collected, counted.iterations],
      inputs,
    },
    { name: "loop, one result of many", ys: [counted.collected[0]], inputs },
    {
      name: "loop, what was collected used further",
      ys: [sum(counted.collected[1], { axes: 0 }), cumulativeSum(counted.collected[0], 0)],
      inputs,
    },
    {
      name: "loop, no iteration",
      ys: [...counted.state, counted.iterations],
      inputs: { ...inputs, count: i32([0], []) },
    },
    { name: "loop, while", ys: [...whiled.state, whiled.iterations], inputs },
    {
      name: "loop, count and while",
      ys: [...both.state, ...both.collected, both.iterations],
      inputs: { limit: f32([20], []) },
    },
    { name: "loop, while false from the start", ys: [...never.state, never.iterations], inputs },
    { name: "loop in a loop", ys: nested.state, inputs },
    { name: "loop that swaps its states", ys: swapped.state, inputs: {} },
  ];
}

/** Cases of every op: one without cases does not compile. */
export const OP_CASES: { readonly [K in OpName]: readonly Case[] } = {
  input: [
    { name: "input handed on", ys: [matrix, integers], inputs: { ...MATRIX, ...INTEGERS } },
    {
      name: "input of no rows",
      ys: [sum(matrix, { axes: 0 }), plus(matrix, 1)],
      inputs: { x: f32([], [0, 4]) },
    },
  ],
  constant: [
    {
      name: "constant",
      ys: [constant([1.5, -2, 3e-9]), constant(7), constant([1, -2], [2, 1], "i32")],
      inputs: {},
    },
    {
      name: "constant, large",
      ys: [constant(Float64Array.from({ length: 300 }, (_, i) => i / 7), [3, 100])],
      inputs: {},
    },
    { name: "constant of truth values", ys: [constant([1, 0, 1], [3], "bool")], inputs: {} },
  ],
  variable: loops().filter(({ name }) => name === "loop in a loop"),
  iota: [
    { name: "iota", ys: [iota(5), iota("n"), iota(5000), sum(matrix)], inputs: MATRIX },
  ],
  size: [{ name: "size", ys: [size("n"), plus(size("n"), 1), sum(matrix)], inputs: MATRIX }],
  negate: [...unary("negate", negate), {
    name: "negate of integers",
    ys: [negate(integers)],
    inputs: INTEGERS,
  }],
  exp: unary("exp", exp),
  log: unary("log", log),
  log1p: unary("log1p", log1p),
  sqrt: unary("sqrt", sqrt),
  reciprocal: unary("reciprocal", reciprocal),
  sin: unary("sin", sin, [...NUMBERS, NaN, Infinity, 88]),
  cos: unary("cos", cos, [...NUMBERS, NaN, Infinity, 88]),
  tanh: unary("tanh", tanh),
  sigmoid: unary("sigmoid", sigmoid),
  softplus: unary("softplus", softplus),
  erf: unary("erf", erf),
  abs: [...unary("abs", abs), { name: "abs of integers", ys: [abs(integers)], inputs: INTEGERS }],
  sign: [...unary("sign", sign), {
    name: "sign of integers",
    ys: [sign(integers)],
    inputs: INTEGERS,
  }],
  floor: unary("floor", floor),
  not: logic("not", not(truth("x"))),
  stopGradient: unary("stopGradient", stopGradient),
  cast: [
    {
      name: "cast to integers truncates",
      ys: [cast(input("x", ["n"]), "i32")],
      inputs: { x: f32([1.9, -1.9, 0.2, -0.2, 100]) },
    },
    {
      name: "cast to truth values",
      ys: [cast(input("x", ["n"]), "bool"), cast(integers, "bool")],
      inputs: { x: f32([0, -0, 0.1, NaN]), k: i32([0, 5]) },
    },
    {
      name: "cast to reals",
      ys: [cast(integers, "f32"), cast(less(0, input("x", ["m"])), "f32")],
      inputs: { ...INTEGERS, x: f32([1, -1]) },
    },
    {
      name: "cast of truth values to integers",
      ys: [cast(less(0, input("x", ["m"])), "i32")],
      inputs: { x: f32([1, -1]) },
    },
  ],
  add: binary("add", plus),
  sub: binary("sub", minus),
  mul: [
    ...binary("mul", times),
    {
      name: "mul wraps",
      ys: [times(integers, integers), plus(integers, integers)],
      inputs: INTEGERS,
    },
    { name: "mul by a sigmoid", ys: [times(matrix, sigmoid(matrix))], inputs: MATRIX },
    {
      name: "mul by a sigmoid wanted by itself",
      ys: [times(matrix, sigmoid(matrix)), sigmoid(matrix)],
      inputs: MATRIX,
    },
    {
      name: "mul by a sigmoid of awkward numbers",
      ys: [times(input("x", ["n"]), sigmoid(input("x", ["n"])))],
      inputs: { x: f32([...NUMBERS, NaN, 88, -88, 1e30]) },
    },
  ],
  div: binary("div", divide),
  pow: binary("pow", power, [0.5, 1, 2, -3, 0.1, 7, 0, -1, 3]),
  max: binary("max", maximum),
  min: binary("min", minimum),
  equal: [...binary("equal", equal), ...logic("equal", equal(truth("x"), truth("y")))],
  less: binary("less", less),
  lessEqual: binary("lessEqual", lessOrEqual),
  and: logic("and", and(truth("x"), truth("y"))),
  or: logic("or", or(truth("x"), truth("y"))),
  select: [
    {
      name: "select",
      ys: [
        select(less(0, matrix), matrix, 5),
        select(less(0, sum(matrix)), matrix, times(matrix, 2)),
      ],
      inputs: MATRIX,
    },
    { name: "select of integers", ys: [select(less(0, integers), integers, 9)], inputs: INTEGERS },
    {
      name: "select of truth values",
      ys: [select(truth("x"), truth("y"), not(truth("y")))],
      inputs: TRUTHS,
    },
    {
      name: "select drops what it does not take",
      ys: [select(less(0, matrix), log(matrix), 0)],
      inputs: MATRIX,
    },
  ],
  sum: [
    ...[[0], [1], [2], [0, 1], [0, 2], [0, 1, 2]].flatMap((axes) =>
      [true, false].map((keep) => ({
        name: `sum over ${axes}${keep ? ", kept" : ""}`,
        ys: [sum(cube, { axes, keep })],
        inputs: CUBE,
      }))
    ),
    {
      name: "sum of columns",
      ys: [sum(matrix, { axes: 0 }), sum(matrix, { axes: 0, keep: true })],
      inputs: MATRIX,
    },
    {
      name: "sum of columns of known length",
      ys: [sum(input("x", [3, 4]), { axes: 0 }), sum(input("x", [3, 4]), { axes: 0, keep: true })],
      inputs: MATRIX,
    },
    { name: "sum of integers", ys: [sum(integers)], inputs: INTEGERS },
    {
      name: "sum of integers over rows",
      ys: [sum(input("m", [2, 3], "i32"), { axes: 0 })],
      inputs: { m: i32([1, 2, 3, 4, 5, 6], [2, 3]) },
    },
    {
      name: "sum with an infinity",
      ys: [sum(input("x", [3, 2]), { axes: 0 })],
      inputs: { x: f32([1, Infinity, 2, 3, NaN, 4], [3, 2]) },
    },
  ],
  reduceMax: [
    ...[[0], [1], [2], [0, 2], [0, 1, 2]].flatMap((axes) =>
      [true, false].map((keep) => ({
        name: `reduceMax over ${axes}${keep ? ", kept" : ""}`,
        ys: [reduceMax(cube, { axes, keep })],
        inputs: CUBE,
      }))
    ),
    { name: "reduceMax of integers", ys: [reduceMax(integers)], inputs: INTEGERS },
  ],
  argMax: [
    { name: "argMax", ys: [argMax(cube, 0), argMax(cube, 1), argMax(cube, 2)], inputs: CUBE },
    {
      name: "argMax takes the first of equals",
      ys: [argMax(input("x", ["n"]), 0)],
      inputs: { x: f32([1, 3, 3, 2]) },
    },
  ],
  cumulativeSum: [
    {
      name: "cumulativeSum",
      ys: [cumulativeSum(cube, 0), cumulativeSum(cube, 1), cumulativeSum(cube, 2)],
      inputs: CUBE,
    },
    {
      name: "cumulativeSum of integers",
      ys: [cumulativeSum(input("k", ["n"], "i32"), 0)],
      inputs: { k: i32([3, -2, 5]) },
    },
  ],
  matmul: products(),
  convolution: convolutions("convolution"),
  convolutionInput: convolutions("convolutionInput"),
  convolutionWeight: [...convolutions("convolutionWeight"), {
    name: "convolutionWeight of no images",
    ys: [
      convolutionWeight(input("x", [0, 2, 3, 3]), input("g", [0, 1, 2, 2]), {
        shape: [1, 2, 2, 2],
      }),
    ],
    inputs: { x: f32([], [0, 2, 3, 3]), g: f32([], [0, 1, 2, 2]) },
  }],
  reshape: [
    {
      name: "reshape",
      ys: [
        reshape(cube, [4, 6]),
        reshape(cube, [24]),
        reshape(matrix, ["n", 2, 2]),
        reshape(matrix, [2, "n", 2]),
      ],
      inputs: { ...CUBE, ...MATRIX },
    },
    {
      name: "reshape of no rows",
      ys: [reshape(matrix, ["n", 2, 2])],
      inputs: { x: f32([], [0, 4]) },
    },
    { name: "reshape of truth values", ys: [reshape(less(0, cube), [24])], inputs: CUBE },
  ],
  transpose: [{
    name: "transpose",
    ys: [
      transpose(cube),
      transpose(cube, [1, 0, 2]),
      transpose(matrix),
      transpose(less(0, cube)),
      transpose(cast(cube, "i32")),
    ],
    inputs: { ...CUBE, ...MATRIX },
  }],
  broadcast: [
    {
      name: "broadcast",
      ys: [
        broadcast(matrix, [2, "n", 4]),
        broadcast(input("s", []), [3, "n"]),
        broadcast(input("r", [3, 1]), [3, 5]),
      ],
      inputs: { ...MATRIX, s: f32([2], []), r: ramp(3, 1) },
    },
    {
      name: "broadcast of integers and truth values",
      ys: [broadcast(input("k", [1], "i32"), [3]), broadcast(less(0, input("s", [])), [2])],
      inputs: { k: i32([7]), s: f32([2], []) },
    },
    {
      name: "broadcast to no elements",
      ys: [broadcast(input("r", [3, 1]), [3, 0]), broadcast(input("r", [3, 1]), [0, 3, 1])],
      inputs: { r: ramp(3, 1) },
    },
    {
      name: "broadcast taken up by an op",
      ys: [
        plus(broadcast(input("r", [4]), ["n", 4]), matrix),
        times(broadcast(input("s", []), [4]), 2),
        select(less(0, matrix), broadcast(input("s", []), ["n", 4]), matrix),
      ],
      inputs: { ...MATRIX, r: ramp(4), s: f32([2], []) },
    },
  ],
  concat: [
    {
      name: "concat",
      ys: [
        concat([cube, times(cube, 2)], 1),
        concat([matrix, matrix, matrix], 1),
        concat([cast(cube, "i32"), cast(cube, "i32")], 0),
        concat([less(0, cube), less(cube, 0)], 2),
      ],
      inputs: { ...CUBE, ...MATRIX },
    },
  ],
  slice: [
    {
      name: "slice",
      ys: [
        slice(cube, { starts: [0, 1, 0], ends: [2, 3, 4], steps: [1, 1, 2] }),
        slice(cube, { starts: [1, 0, 1], ends: [2, 2, 4] }),
        slice(matrix, { starts: [0, 1], ends: ["n", 3] }),
        slice(less(0, cube), { starts: [1, 0, 0] }),
      ],
      inputs: { ...CUBE, ...MATRIX },
    },
  ],
  pad: [
    {
      name: "pad",
      ys: [
        pad(cube, { low: [0, 1, 2], high: [1, 0, 3] }),
        pad(cast(cube, "i32"), { low: [1, 0, 0], high: [0, 0, 0] }),
        pad(less(0, cube), { low: [0, 0, 1], high: [0, 0, 1] }),
      ],
      inputs: CUBE,
    },
    {
      name: "pad of no elements",
      ys: [pad(input("e", [2, 0]), { low: [1, 0], high: [0, 2] })],
      inputs: { e: f32([], [2, 0]) },
    },
  ],
  reverse: [{
    name: "reverse",
    ys: [
      reverse(cube, 0),
      reverse(cube, [0, 2]),
      reverse(matrix, [0, 1]),
      reverse(less(0, cube), 1),
    ],
    inputs: { ...CUBE, ...MATRIX },
  }],
  gather: [
    {
      name: "gather",
      ys: [
        gather(cube, input("k", [3], "i32"), { axis: 1 }),
        gather(cube, input("j", [2, 2], "i32"), { axis: 2 }),
        gather(cube, input("s", [], "i32")),
      ],
      inputs: { ...CUBE, k: i32([2, 0, 2]), j: i32([0, 3, 3, 1], [2, 2]), s: i32([1], []) },
    },
    {
      name: "gather of rows",
      ys: [gather(matrix, input("k", ["m"], "i32"))],
      inputs: { ...MATRIX, k: i32([2, 2, 0, 1, 0]) },
    },
  ],
  scatterAdd: [
    {
      name: "scatterAdd",
      ys: [scatterAdd(input("k", [3], "i32"), input("u", [2, 3, 4]), { axis: 1, size: 5 })],
      inputs: { k: i32([4, 0, 4]), u: ramp(2, 3, 4) },
    },
    {
      name: "scatterAdd of no elements",
      ys: [
        scatterAdd(input("k", [3], "i32"), input("e", [3, 0]), { axis: 0, size: 5 }),
        scatterAdd(input("none", [0], "i32"), input("z", [0, 2]), { axis: 0, size: 5 }),
      ],
      inputs: { k: i32([4, 0, 4]), none: i32([]), e: f32([], [3, 0]), z: f32([], [0, 2]) },
    },
    {
      name: "scatterAdd at a matrix of places",
      ys: [scatterAdd(input("k", [2, 2], "i32"), input("u", [2, 2, 3]), { axis: 0, size: 4 })],
      inputs: { k: i32([3, 0, 3, 1], [2, 2]), u: ramp(2, 2, 3) },
    },
    {
      name: "scatterAdd at one place",
      ys: [scatterAdd(input("k", [], "i32"), input("u", [2, 3]), { axis: 1, size: 4 })],
      inputs: { k: i32([2], []), u: ramp(2, 3) },
    },
    {
      name: "scatterAdd of rows of unknown number",
      ys: [scatterAdd(input("k", ["m"], "i32"), input("u", ["m", 2]), { axis: 0, size: 3 })],
      inputs: { k: i32([2, 2, 0, 2]), u: ramp(4, 2) },
    },
    {
      name: "scatterAdd of integers",
      ys: [scatterAdd(input("k", [3], "i32"), input("u", [3], "i32"), { axis: 0, size: 2 })],
      inputs: { k: i32([1, 0, 1]), u: i32([5, 6, 7]) },
    },
  ],
  loop: loops(),
  item: loops().filter(({ name }) => name === "loop, one result of many"),
  random: (["uniform", "normal"] as const).flatMap((distribution): Case[] => {
    const draw = (shape: readonly (number | string)[], step: Expression | number, seed = 5) =>
      random({ distribution, seed, stream: "test", shape }, step);
    const step = input("step", [], "i32");
    return [
      {
        name: `random ${distribution}, bit for bit`,
        ys: [draw([1000], step), draw([3, 5], 2 ** 31 - 1, 2 ** 53 - 1)],
        inputs: { step: i32([3], []) },
        tolerance: 0,
      },
      { name: `random ${distribution} of no elements`, ys: [draw([3, 0], 1)], inputs: {} },
      {
        name: `random ${distribution} of a size at run time`,
        ys: [draw(["n", 3], 1), sum(matrix)],
        inputs: MATRIX,
        tolerance: 1e-6,
      },
    ];
  }),
};
