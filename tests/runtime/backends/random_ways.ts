/** Ways to make a matrix from two others, which random graphs are made of. */
import {
  abs,
  and,
  argMax,
  broadcast,
  cast,
  concat,
  constant,
  convolution,
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
  silu,
  sin,
  size,
  slice,
  softplus,
  sqrt,
  square,
  stopGradient,
  sum,
  tanh,
  times,
  transpose,
} from "../../../graph/mod.ts";

/** A way to make a matrix of the shape of two others, none of which grows much or is steep. */
type Way = (a: Expression, b: Expression) => Expression;

/** The vector of "k" numbers that every random graph may read: its size is known only when it is run. */
export const VECTOR: Expression = input("k", ["k"]);

/**
 * What is added before a number is cut into steps: sums that would be 0 were it not for rounding then lie within a step,
 * so that float32 takes the same one as float64.
 */
const OFF = 0.3719;

const rowsOf = ({ shape }: Expression): number => shape[0] as number;
const columnsOf = ({ shape }: Expression): number => shape[1] as number;

/** Whole numbers from -3 to 3 in place of the elements. */
const whole = (x: Expression): Expression => cast(floor(plus(times(3, tanh(x)), OFF)), "i32");

/** For each row a number of a row. */
const places = (x: Expression): Expression => {
  const last = rowsOf(x) - 1;
  const any = abs(whole(sum(tanh(x), { axes: 1 })));
  return minimum(any, constant(Math.max(0, last), [], "i32"));
};

/** One more column, of zeros, so that every row has an element. */
const filled = (x: Expression): Expression => pad(x, { low: [0, 0], high: [0, 1] });

const tenth = (x: Expression): Expression => times(0.1, cast(x, "f32"));
const column = (x: Expression): Expression => reshape(x, [rowsOf(x), 1]);
/** A matrix [columns, columns]. */
const gram = (a: Expression, b: Expression): Expression =>
  matmul(tanh(a), tanh(b), { transposeA: true });

/** Every op is in one of these, or in the derivative of one. */
export const WAYS: readonly Way[] = [
  (a, b) => plus(a, b),
  (a, b) => minus(times(a, sin(b)), times(0.5, b)),
  (a) => silu(a),
  (a, b) => times(sigmoid(a), b),
  (a, b) => plus(exp(negate(abs(a))), erf(b)),
  (a, b) => select(less(a, plus(b, OFF)), cos(a), softplus(b)),
  (a, b) => maximum(minimum(a, 2), negate(b)),
  (a, b) => divide(a, plus(1.5, square(tanh(b)))),
  (a, b) => plus(log1p(square(a)), log(plus(1, square(b)))),
  (a, b) => times(sqrt(plus(1, square(tanh(a)))), reciprocal(plus(1.5, tanh(b)))),
  (a, b) => power(plus(0.5, sigmoid(a)), tanh(b)),
  (a, b) => times(stopGradient(tanh(b)), a),
  (a, b) => plus(times(sign(plus(b, OFF)), a), tenth(floor(plus(times(2, tanh(b)), OFF)))),

  // integers and truth values
  (a, b) => {
    const [p, q] = [whole(a), whole(b)];
    const all = plus(times(p, q), minus(maximum(p, q), abs(divide(p, 2))));
    return plus(b, tenth(minus(negate(all), sign(q))));
  },
  (a, b) => {
    const [p, q] = [whole(a), whole(b)];
    return select(or(and(less(p, q), not(equal(p, 1))), lessOrEqual(q, -2)), a, times(0.5, b));
  },
  (a, b) => plus(a, tenth(sum(whole(b), { axes: 0, keep: true }))),

  // products
  (a, b) => matmul(matmul(tanh(a), tanh(b), { transposeB: true }), tanh(b)),
  (a, b) => matmul(a, times(0.5, gram(a, b)), { transposeB: true }),
  (a, b) => {
    const [n, m] = [rowsOf(a), columnsOf(a)];
    return reshape(matmul(reshape(tanh(a), [n, 1, m]), gram(b, a)), [n, m]);
  },
  (a, b) => {
    const twice = concat([gram(a, b), tanh(gram(b, b))], 0);
    return times(0.5, matmul(concat([tanh(a), tanh(b)], 1), twice));
  },
  (a, b) => {
    const [n, m] = [rowsOf(a), columnsOf(a)];
    const taps = concat([sum(tanh(b)), sum(sin(a))].map((tap) => reshape(tap, [1])), 0);
    const kernel = reshape(taps, [1, 1, 1, 2]);
    const image = reshape(tanh(a), [n, 1, 1, m]);
    const wider = convolution(image, times(0.25, kernel), { padding: [[0, 0], [1, 1]] });
    return plus(b, slice(reshape(wider, [n, m + 1]), { starts: [0, 0], ends: [n, m] }));
  },

  // reductions
  (a, b) => plus(a, sum(tanh(b), { axes: 0 })),
  (a, b) => plus(a, broadcast(sum(tanh(b), { axes: 1, keep: true }), b.shape)),
  (a, b) => minus(a, reduceMax(filled(b), { axes: 1, keep: true })),
  (a, b) => plus(a, times(0.3, cumulativeSum(tanh(b), 0))),
  (a, b) => plus(a, times(0.3, cumulativeSum(tanh(b), 1))),
  (a, b) => {
    const apart = plus(filled(tanh(b)), times(OFF, cast(iota(columnsOf(b) + 1), "f32")));
    return plus(a, tenth(column(argMax(apart, 1))));
  },

  // layout
  (a) => reshape(transpose(a), a.shape),
  (a, b) => plus(reverse(a, 0), reverse(b, [0, 1])),
  (a, b) => {
    const from = [0, Math.min(1, columnsOf(a))];
    return plus(b, pad(slice(a, { starts: from }), { low: from, high: [0, 0] }));
  },
  (a) => {
    const every = (start: number) =>
      slice(a, {
        starts: [0, Math.min(start, columnsOf(a))],
        ends: [rowsOf(a), columnsOf(a)],
        steps: [1, 2],
      });
    return concat([every(1), every(0)], 1);
  },
  (a, b) => plus(times(0.5, a), gather(b, places(a))),
  (a, b) => plus(a, times(0.5, scatterAdd(places(b), tanh(b), { axis: 0, size: rowsOf(b) }))),

  // what is made, and what is handed in of a size known only then
  (a) => plus(a, constant(Array.from({ length: columnsOf(a) }, (_, i) => Math.sin(i + 1)))),
  (a, b) => plus(a, tenth(plus(whole(b), iota(columnsOf(b))))),
  (a) => times(a, random({ distribution: "uniform", seed: 3, stream: "way", shape: a.shape }, 5)),
  (a) => plus(a, random({ distribution: "normal", seed: 3, stream: "way", shape: a.shape }, 7)),
  (a) => plus(a, tenth(plus(size("k"), whole(sum(sin(VECTOR)))))),

  // loops
  (a, b) =>
    loop({ state: [a], count: 3, body: (_i, y) => [plus(times(0.5, y), sin(times(y, b)))] })
      .state[0],
  (a, b) => {
    const { state: [y], collected: [rows], iterations } = loop({
      state: [a, 0],
      while: (_y, t) => less(t, 2.5),
      body: (i, y, t) => ({
        state: [times(0.7, plus(y, tanh(b))), plus(t, 1)],
        collect: [times(cast(i, "f32"), tanh(y))],
      }),
    });
    return plus(plus(y, times(0.3, sum(rows, { axes: 0 }))), tenth(iterations));
  },
];
