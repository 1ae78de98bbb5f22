/**
 * For every op, small graphs with known values: the table that the tests of ops, rules and backends
 * loop over.
 */
import {
  type Dim,
  type DType,
  type Expression,
  input,
  type OpName,
  type Tensor64,
} from "../../graph/mod.ts";
import * as g from "../../graph/mod.ts";

/** An input: real by default, drawn uniformly from `range` (by default -1.5 to 1.5), or given. */
export interface CaseInput {
  readonly shape: readonly number[];
  readonly dtype?: DType;
  readonly range?: readonly [number, number];
  readonly values?: readonly number[];
}

/** A graph and what it must compute. */
export interface Case {
  readonly title: string;
  readonly inputs: readonly CaseInput[];
  readonly build: (...xs: Expression[]) => Expression;
  readonly shape: readonly number[];
  /** The values, from those of the inputs, written without the op under test. */
  readonly expected: (...xs: (readonly number[])[]) => readonly number[];
  /** Largest relative error of values; by default 1e-12: a few roundings of float64. */
  readonly tolerance?: { readonly relative: number; readonly reason: string };
}

/** The tensors of a case, the same in every process. */
export function tensorsOf({ inputs }: Case): Tensor64[] {
  let state = 12345;
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
  return inputs.map(({ shape, range: [low, high] = [-1.5, 1.5], values }) => {
    const n = shape.reduce((a, b) => a * b, 1);
    const data = values ?? Array.from({ length: n }, () => low + (high - low) * next());
    return { data: Float64Array.from(data), shape: [...shape] };
  });
}

/** The inputs of a case as expressions x0, x1, ... */
export function expressionsOf({ inputs }: Case): Expression[] {
  return inputs.map(({ shape, dtype }, i) => input(`x${i}`, shape as Dim[], dtype));
}

/** Those tensors by name, as the interpreter takes them. */
export function named(tensors: readonly Tensor64[]): Record<string, Tensor64> {
  return Object.fromEntries(tensors.map((tensor, i) => [`x${i}`, tensor]));
}

const VECTOR: CaseInput = { shape: [5] };
const POSITIVE: CaseInput = { shape: [5], range: [0.3, 2] };
const TRUTHS: CaseInput = { shape: [2, 2], dtype: "bool", values: [0, 1, 0, 1] };
const OTHER_TRUTHS: CaseInput = { shape: [2], dtype: "bool", values: [0, 1] };
const WHOLES: CaseInput = { shape: [4], dtype: "i32", values: [-7, 3, 2000000000, 2] };
const OTHER_WHOLES: CaseInput = { shape: [4], dtype: "i32", values: [2, -3, 2000000000, 5] };

function unary(
  build: (x: Expression) => Expression,
  f: (x: number) => number,
  x: CaseInput = VECTOR,
): Case {
  return { title: "of a vector", inputs: [x], build, shape: x.shape, expected: (x) => x.map(f) };
}

function binary(
  build: (a: Expression, b: Expression) => Expression,
  f: (a: number, b: number) => number,
  range?: readonly [number, number],
): Case[] {
  return [
    {
      title: "of two matrices",
      inputs: [{ shape: [2, 3], range }, { shape: [2, 3], range }],
      build,
      shape: [2, 3],
      expected: (a, b) => a.map((x, i) => f(x, b[i])),
    },
    {
      title: "of a column and a row, broadcast",
      inputs: [{ shape: [2, 1], range }, { shape: [3], range }],
      build,
      shape: [2, 3],
      expected: (a, b) => a.flatMap((x) => b.map((y) => f(x, y))),
    },
    {
      title: "of a matrix and a scalar",
      inputs: [{ shape: [2, 2], range }, { shape: [], range }],
      build,
      shape: [2, 2],
      expected: (a, [b]) => a.map((x) => f(x, b)),
    },
  ];
}

function integers(
  build: (a: Expression, b: Expression) => Expression,
  expected: readonly number[],
): Case {
  return {
    title: "of integers, wrapped at 32 bits",
    inputs: [WHOLES, OTHER_WHOLES],
    build,
    shape: [4],
    expected: () => expected,
  };
}

function logical(
  build: (a: Expression, b: Expression) => Expression,
  expected: readonly number[],
): Case[] {
  return [{
    title: "of truth values, broadcast",
    inputs: [TRUTHS, OTHER_TRUTHS],
    build,
    shape: [2, 2],
    expected: () => expected,
  }];
}

const IMAGES: CaseInput = { shape: [2, 2, 4, 5] };
const KERNELS: CaseInput = { shape: [3, 2, 3, 2] };
const WINDOW = { strides: [2, 1], padding: [[1, 0], [0, 1]] } as const;
const RESULT: CaseInput = { shape: [2, 3, 2, 5] };

/**
 * Calls `term` with each product of a convolution with `WINDOW`, as places in images, kernels and
 * result.
 */
function eachProduct(term: (x: number, w: number, y: number) => void): void {
  for (let place = 0; place < 2 * 3 * 2 * 5; place++) {
    const [s, f, r, q] = [
      Math.floor(place / 30),
      Math.floor(place / 10) % 3,
      Math.floor(place / 5) % 2,
      place % 5,
    ];
    for (let c = 0; c < 2; c++) {
      for (let u = 0; u < 3; u++) {
        for (let v = 0; v < 2; v++) {
          const [i, j] = [2 * r + u - 1, q + v];
          if (i >= 0 && i < 4 && j < 5) {
            term(((s * 2 + c) * 4 + i) * 5 + j, ((f * 2 + c) * 3 + u) * 2 + v, place);
          }
        }
      }
    }
  }
}

function trilinear(
  length: number,
  at: (sums: number[], x: number, w: number, y: number) => void,
): number[] {
  const sums = new Array<number>(length).fill(0);
  eachProduct((x, w, y) => at(sums, x, w, y));
  return sums;
}

/** Newton's iteration for a square root: three steps. */
function newton(x: number): number {
  let y = x;
  for (let i = 0; i < 3; i++) y = (y + x / y) / 2;
  return y;
}

const erfSeries = (x: number): number => {
  let sum = 0;
  let term = x;
  for (let n = 0; n < 60; n++) {
    sum += term / (2 * n + 1);
    term *= -x * x / (n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
};

/** For every op at least one case. */
export const CASES: { readonly [K in OpName]: readonly Case[] } = {
  input: [{ ...unary((x) => x, (x) => x), title: "hands its tensor on" }],
  constant: [{
    title: "of six numbers",
    inputs: [],
    build: () => g.constant([1, 2, 3, 4, 5, 6], [2, 3]),
    shape: [2, 3],
    expected: () => [1, 2, 3, 4, 5, 6],
  }],
  variable: [{
    title: "is the state of its loop",
    inputs: [{ shape: [] }],
    build: (x) => g.loop({ state: [x], count: 1, body: (_, s) => [g.plus(s, s)] }).state[0],
    shape: [],
    expected: ([x]) => [2 * x],
  }],
  iota: [{
    title: "counts from 0",
    inputs: [],
    build: () => g.iota(4),
    shape: [4],
    expected: () => [0, 1, 2, 3],
  }],
  size: [{
    title: "of an axis that is known",
    inputs: [VECTOR],
    build: (x) => g.times(x, g.cast(g.size(x.shape[0]), "f32")),
    shape: [5],
    expected: (x) => x.map((v) => 5 * v),
  }],

  negate: [unary(g.negate, (x) => -x)],
  exp: [unary(g.exp, Math.exp)],
  log: [unary(g.log, Math.log, POSITIVE)],
  log1p: [unary(g.log1p, (x) => Math.log(1 + x), POSITIVE)],
  sqrt: [unary(g.sqrt, (x) => x ** 0.5, POSITIVE)],
  reciprocal: [unary(g.reciprocal, (x) => x ** -1, POSITIVE)],
  sin: [unary(g.sin, Math.sin)],
  cos: [unary(g.cos, Math.cos)],
  tanh: [unary(g.tanh, (x) => 1 - 2 / (Math.exp(2 * x) + 1))],
  sigmoid: [unary(g.sigmoid, (x) => (1 + Math.tanh(x / 2)) / 2)],
  softplus: [unary(g.softplus, (x) => Math.log(1 + Math.exp(x)))],
  erf: [
    unary(g.erf, erfSeries),
    {
      ...unary(g.erf, (x) => Math.sign(x) * 0.9999779095030014, { shape: [2], values: [3, -3] }),
      title: "far from 0",
    },
  ],
  abs: [unary(g.abs, (x) => Math.max(x, -x))],
  sign: [unary(g.sign, (x) => x / Math.abs(x))],
  floor: [unary(g.floor, Math.floor)],
  not: [{ ...unary(g.not, (x) => 1 - x, OTHER_TRUTHS), title: "of truth values" }],
  stopGradient: [{
    // finite differences see through stopGradient, so the fixed part has no x here
    title: "hands its tensor on",
    inputs: [VECTOR],
    build: (x) => g.plus(x, g.stopGradient(g.constant([1, 2, 3, 4, 5]))),
    shape: [5],
    expected: (x) => x.map((v, i) => v + i + 1),
  }],
  cast: [
    { ...unary((x) => g.cast(x, "i32"), (x) => Math.trunc(x)), title: "to integers truncates" },
    { ...unary((x) => g.cast(x, "f32"), (x) => x, WHOLES), title: "of integers to reals" },
    {
      ...unary((x) => g.cast(x, "bool"), (x) => Number(x !== 0), {
        shape: [3],
        values: [0, -2, 0.5],
      }),
      title: "to truth values asks for what is not 0",
    },
  ],

  add: [
    ...binary(g.plus, (a, b) => a + b),
    integers(g.plus, [-5, 0, -294967296, 7]),
  ],
  sub: [...binary(g.minus, (a, b) => a - b), integers(g.minus, [-9, 6, 0, -3])],
  mul: [
    ...binary(g.times, (a, b) => a * b),
    integers(g.times, [-14, -9, -1651507200, 10]),
    { ...unary((x) => g.times(x, x), (x) => x ** 2), title: "of a vector and itself" },
    {
      ...unary((x) => g.times(x, g.sigmoid(x)), (x) => x / (1 + Math.exp(-x))),
      title: "of x and sigmoid(x)",
    },
  ],
  div: [...binary(g.divide, (a, b) => a / b, [0.5, 2]), integers(g.divide, [-3, -1, 1, 0])],
  pow: [
    ...binary(g.power, (a, b) => Math.exp(b * Math.log(a)), [0.5, 2]),
    ...[-1, 0, 1, 2, 3].map((exponent) => ({
      ...unary(
        (x) => g.power(x, exponent),
        (x) =>
          Array.from({ length: Math.abs(exponent) }).reduce<number>(
            (p) => exponent < 0 ? p / x : p * x,
            1,
          ),
      ),
      title: `of a vector and the number ${exponent}`,
    })),
  ],
  max: [...binary(g.maximum, (a, b) => a > b ? a : b), integers(g.maximum, [2, 3, 2000000000, 5])],
  min: [
    ...binary(g.minimum, (a, b) => a < b ? a : b),
    integers(g.minimum, [-7, -3, 2000000000, 2]),
  ],
  equal: [integers(g.equal, [0, 0, 1, 0])],
  less: [integers(g.less, [1, 0, 0, 1]), ...binary(g.less, (a, b) => Number(b > a))],
  lessEqual: [
    integers(g.lessOrEqual, [1, 0, 1, 1]),
    ...binary(g.lessOrEqual, (a, b) => Number(b >= a)),
  ],
  and: logical(g.and, [0, 1, 0, 1].map((a, i) => a & [0, 1, 0, 1][i])),
  or: logical(g.or, [0, 1, 0, 1].map((a, i) => a | [0, 1, 0, 1][i])),
  select: [
    {
      title: "of two matrices by a row",
      inputs: [{ shape: [3], dtype: "bool", values: [1, 0, 1] }, { shape: [2, 3] }, {
        shape: [2, 3],
      }],
      build: g.select,
      shape: [2, 3],
      expected: (c, a, b) => a.map((x, i) => c[i % 3] ? x : b[i]),
    },
    {
      title: "of a row and a scalar by a matrix",
      inputs: [TRUTHS, { shape: [2] }, { shape: [] }],
      build: g.select,
      shape: [2, 2],
      expected: (c, a, [b]) => c.map((x, i) => x ? a[i % 2] : b),
    },
  ],

  sum: [
    {
      title: "over all axes",
      inputs: [{ shape: [2, 3] }],
      build: (x) => g.sum(x),
      shape: [],
      expected: (x) => [x.reduce((a, b) => a + b)],
    },
    {
      title: "over the first axis",
      inputs: [{ shape: [2, 3] }],
      build: (x) => g.sum(x, { axes: 0 }),
      shape: [3],
      expected: (x) => [x[0] + x[3], x[1] + x[4], x[2] + x[5]],
    },
    {
      title: "over outer axes, which stay",
      inputs: [{ shape: [2, 2, 2] }],
      build: (x) => g.sum(x, { axes: [0, -1], keep: true }),
      shape: [1, 2, 1],
      expected: (x) => [x[0] + x[1] + x[4] + x[5], x[2] + x[3] + x[6] + x[7]],
    },
  ],
  reduceMax: [
    {
      title: "over the last axis",
      inputs: [{ shape: [2, 3] }],
      build: (x) => g.reduceMax(x, { axes: -1 }),
      shape: [2],
      expected: (x) => [Math.max(...x.slice(0, 3)), Math.max(...x.slice(3))],
    },
    {
      title: "over the first axis, which stays",
      inputs: [{ shape: [2, 2] }],
      build: (x) => g.reduceMax(x, { axes: 0, keep: true }),
      shape: [1, 2],
      expected: (x) => [Math.max(x[0], x[2]), Math.max(x[1], x[3])],
    },
  ],
  argMax: [{
    title: "along the last axis, the first of equals",
    inputs: [{ shape: [3, 3], values: [1, 5, 2, 7, 7, 1, -3, -2, -1] }],
    build: (x) => g.argMax(x, 1),
    shape: [3],
    expected: () => [1, 0, 2],
  }],
  cumulativeSum: [
    {
      title: "along the last axis",
      inputs: [{ shape: [2, 3] }],
      build: (x) => g.cumulativeSum(x, 1),
      shape: [2, 3],
      expected: (x) => x.map((_, i) => x.slice(i < 3 ? 0 : 3, i + 1).reduce((a, b) => a + b)),
    },
    {
      title: "along the first axis",
      inputs: [{ shape: [3, 2] }],
      build: (x) => g.cumulativeSum(x, 0),
      shape: [3, 2],
      expected: (
        x,
      ) => [x[0], x[1], x[0] + x[2], x[1] + x[3], x[0] + x[2] + x[4], x[1] + x[3] + x[5]],
    },
  ],

  matmul: [
    ...[[false, false], [true, false], [false, true], [true, true]].map(([a, b]): Case => ({
      title: `of matrices${a ? ", the first transposed" : ""}${b ? ", the second transposed" : ""}`,
      inputs: [{ shape: a ? [4, 2] : [2, 4] }, { shape: b ? [3, 4] : [4, 3] }],
      build: (x, y) => g.matmul(x, y, { transposeA: a, transposeB: b }),
      shape: [2, 3],
      expected: (x, y) => product(x, y, a, b),
    })),
    {
      title: "of a batch of matrices and one matrix",
      inputs: [{ shape: [3, 2, 4] }, { shape: [4, 3] }],
      build: (x, y) => g.matmul(x, y),
      shape: [3, 2, 3],
      expected: (x, y) => [0, 8, 16].flatMap((at) => product(x.slice(at, at + 8), y, false, false)),
    },
    {
      title: "of batches that broadcast, both transposed",
      inputs: [{ shape: [2, 1, 4, 2] }, { shape: [3, 3, 4] }],
      build: (x, y) => g.matmul(x, y, { transposeA: true, transposeB: true }),
      shape: [2, 3, 2, 3],
      expected: (x, y) =>
        [0, 8].flatMap((i) =>
          [0, 12, 24].flatMap((j) => product(x.slice(i, i + 8), y.slice(j, j + 12), true, true))
        ),
    },
  ],
  convolution: [{
    title: "with strides and uneven padding",
    inputs: [IMAGES, KERNELS],
    build: (x, w) => g.convolution(x, w, WINDOW),
    shape: RESULT.shape,
    expected: (x, w) => trilinear(60, (sums, i, j, k) => sums[k] += x[i] * w[j]),
  }],
  convolutionInput: [{
    title: "with strides and uneven padding",
    inputs: [RESULT, KERNELS],
    build: (y, w) => g.convolutionInput(y, w, { ...WINDOW, shape: IMAGES.shape }),
    shape: IMAGES.shape,
    expected: (y, w) => trilinear(80, (sums, i, j, k) => sums[i] += y[k] * w[j]),
  }],
  convolutionWeight: [{
    title: "with strides and uneven padding",
    inputs: [IMAGES, RESULT],
    build: (x, y) => g.convolutionWeight(x, y, { ...WINDOW, shape: KERNELS.shape }),
    shape: KERNELS.shape,
    expected: (x, y) => trilinear(36, (sums, i, j, k) => sums[j] += x[i] * y[k]),
  }],

  reshape: [{
    title: "of a matrix to another, one size left open",
    inputs: [{ shape: [2, 3] }],
    build: (x) => g.reshape(x, [3, -1]),
    shape: [3, 2],
    expected: (x) => x,
  }],
  transpose: [
    {
      title: "of a matrix",
      inputs: [{ shape: [2, 3] }],
      build: (x) => g.transpose(x),
      shape: [3, 2],
      expected: (x) => [x[0], x[3], x[1], x[4], x[2], x[5]],
    },
    {
      title: "that turns three axes round",
      inputs: [{ shape: [2, 3, 1] }],
      build: (x) => g.transpose(x, [2, 0, 1]),
      shape: [1, 2, 3],
      expected: (x) => x,
    },
  ],
  broadcast: [{
    title: "of a column to two matrices",
    inputs: [{ shape: [2, 1] }],
    build: (x) => g.broadcast(x, [2, 2, 2]),
    shape: [2, 2, 2],
    expected: ([a, b]) => [a, a, b, b, a, a, b, b],
  }],
  concat: [{
    title: "of three matrices on the last axis",
    inputs: [{ shape: [2, 1] }, { shape: [2, 2] }, { shape: [2, 1] }],
    build: (...xs) => g.concat(xs, -1),
    shape: [2, 4],
    expected: (a, b, c) => [a[0], b[0], b[1], c[0], a[1], b[2], b[3], c[1]],
  }],
  slice: [
    {
      title: "of the middle of a matrix",
      inputs: [{ shape: [3, 4] }],
      build: (x) => g.slice(x, { starts: [1, 1], ends: [3, -1] }),
      shape: [2, 2],
      expected: (x) => [x[5], x[6], x[9], x[10]],
    },
    {
      title: "of every second column",
      inputs: [{ shape: [2, 5] }],
      build: (x) => g.slice(x, { starts: [0, 1], steps: [1, 2] }),
      shape: [2, 2],
      expected: (x) => [x[1], x[3], x[6], x[8]],
    },
  ],
  pad: [{
    title: "of a row on three sides",
    inputs: [{ shape: [1, 2] }],
    build: (x) => g.pad(x, { low: [1, 0], high: [0, 1] }),
    shape: [2, 3],
    expected: ([a, b]) => [0, 0, 0, a, b, 0],
  }],
  reverse: [{
    title: "of both axes and of one",
    inputs: [{ shape: [2, 2] }],
    build: (x) => g.concat([g.reverse(x, [0, 1]), g.reverse(x, 1)], 0),
    shape: [4, 2],
    expected: ([a, b, c, d]) => [d, c, b, a, b, a, d, c],
  }],
  gather: [
    {
      title: "of rows, one twice",
      inputs: [{ shape: [3, 2] }, { shape: [3], dtype: "i32", values: [2, 0, 2] }],
      build: (x, i) => g.gather(x, i),
      shape: [3, 2],
      expected: (x) => [x[4], x[5], x[0], x[1], x[4], x[5]],
    },
    {
      title: "of one column",
      inputs: [{ shape: [2, 3] }, { shape: [], dtype: "i32", values: [1] }],
      build: (x, i) => g.gather(x, i, { axis: 1 }),
      shape: [2],
      expected: (x) => [x[1], x[4]],
    },
  ],
  scatterAdd: [
    {
      title: "of rows, two at one place",
      inputs: [{ shape: [3], dtype: "i32", values: [2, 0, 2] }, { shape: [3, 2] }],
      build: (i, u) => g.scatterAdd(i, u, { axis: 0, size: 4 }),
      shape: [4, 2],
      expected: (_, u) => [u[2], u[3], 0, 0, u[0] + u[4], u[1] + u[5], 0, 0],
    },
    {
      title: "of columns at a table of indices",
      inputs: [{ shape: [1, 2], dtype: "i32", values: [1, 1] }, { shape: [2, 1, 2] }],
      build: (i, u) => g.scatterAdd(i, u, { axis: 1, size: 2 }),
      shape: [2, 2],
      expected: (_, u) => [0, u[0] + u[1], 0, u[2] + u[3]],
    },
  ],

  loop: [
    {
      title: "of three Newton steps, with a captured value",
      inputs: [POSITIVE],
      build: (x) =>
        g.loop({ state: [x], count: 3, body: (_, y) => [g.times(0.5, g.plus(y, g.divide(x, y)))] })
          .state[0],
      shape: [5],
      expected: (x) => x.map(newton),
    },
    {
      title: "while the state is small, squaring",
      inputs: [{ shape: [], values: [1.3] }],
      build: (x) =>
        g.loop({ state: [x], while: (y) => g.less(y, 10), body: (_, y) => [g.times(y, y)] })
          .state[0],
      shape: [],
      expected: ([x]) => [x ** 16],
    },
    {
      title: "in a loop, collecting with the index of the outer one",
      inputs: [{ shape: [2] }],
      build: (x) =>
        g.loop({
          state: [x],
          count: 2,
          body: (i, y) => {
            const inner = g.loop({
              state: [y],
              count: g.plus(i, 1),
              body: (_, z) => [g.plus(g.sin(z), x)],
            });
            return {
              state: [inner.state[0]],
              collect: [g.times(inner.state[0], g.plus(g.cast(i, "f32"), y))],
            };
          },
        }).collected[0],
      shape: [2, 2],
      expected: (x) => {
        const one = x.map((v) => Math.sin(v) + v);
        const three = one.map((v, k) => Math.sin(Math.sin(v) + x[k]) + x[k]);
        return [...one.map((v, k) => v * x[k]), ...three.map((v, k) => v * (1 + one[k]))];
      },
    },
  ],
  item: [
    {
      title: "of what is collected",
      inputs: [{ shape: [2] }],
      build: (x) =>
        g.loop({ state: [x], count: 2, body: (_, y) => ({ state: [g.times(y, x)], collect: [y] }) })
          .collected[0],
      shape: [2, 2],
      expected: ([a, b]) => [a, b, a * a, b * b],
    },
    {
      title: "of the number of iterations",
      inputs: [{ shape: [], values: [1] }],
      build: (x) =>
        g.loop({ state: [x], while: (y) => g.less(y, 30), body: (_, y) => [g.times(y, 2)] })
          .iterations,
      shape: [],
      expected: () => [5],
    },
  ],
  random: [
    {
      title: "of one seed, stream and step is always the same",
      inputs: [{ shape: [], dtype: "i32", values: [3] }],
      build: (step) =>
        g.random({ distribution: "uniform", seed: 1, stream: "a", shape: [4] }, step),
      shape: [4],
      expected: () =>
        [0, 1, 2, 3].map((i) => Math.fround(g.uniformAt({ seed: 1, stream: "a", step: 3 }, i))),
    },
    {
      title: "of normals",
      inputs: [{ shape: [], dtype: "i32", values: [0] }],
      build: (step) =>
        g.random({ distribution: "normal", seed: 1, stream: "b", shape: [2, 2] }, step),
      shape: [2, 2],
      expected: () =>
        [0, 1, 2, 3].map((i) => Math.fround(g.normalAt({ seed: 1, stream: "b", step: 0 }, i))),
    },
  ],
};

/** The product of a [2, 4] and a [4, 3] matrix. */
function product(x: readonly number[], y: readonly number[], a: boolean, b: boolean): number[] {
  return Array.from({ length: 6 }, (_, place) => {
    const [i, j] = [Math.floor(place / 3), place % 3];
    return [0, 1, 2, 3].reduce(
      (sum, k) => sum + x[a ? k * 2 + i : i * 4 + k] * y[b ? j * 4 + k : k * 3 + j],
      0,
    );
  });
}
