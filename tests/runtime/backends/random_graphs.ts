import {
  abs,
  broadcast,
  concat,
  cos,
  exp,
  type Expression,
  gradient,
  input,
  less,
  loop,
  matmul,
  maximum,
  mean,
  minimum,
  negate,
  plus,
  reduceMax,
  reshape,
  reverse,
  select,
  sigmoid,
  silu,
  sin,
  softplus,
  sum,
  tanh,
  times,
  transpose,
} from "../../../graph/mod.ts";

/** A way to make a matrix [4, 4] from two others, none of which grows much or is steep. */
type Step = (a: Expression, b: Expression) => Expression;

const STEPS: readonly Step[] = [
  (a, b) => plus(a, b),
  (a, b) => times(a, sin(b)),
  (a, b) => plus(times(0.5, matmul(a, b)), times(0.25, a)),
  (a, b) => matmul(tanh(a), tanh(b), { transposeA: true }),
  (a, b) => matmul(tanh(a), tanh(b), { transposeB: true }),
  (a) => silu(a),
  (a, b) => times(sigmoid(a), b),
  (a) => exp(negate(abs(a))),
  (a, b) => select(less(a, b), cos(a), softplus(b)),
  (a, b) => maximum(minimum(a, 2), negate(b)),
  (a) => transpose(a),
  (a) => reverse(a, 0),
  (a, b) => plus(a, sum(tanh(b), { axes: 0 })),
  (a, b) => plus(a, broadcast(mean(b, { axes: 1, keep: true }), [4, 4])),
  (a) => plus(a, reduceMax(a, { axes: 1, keep: true })),
  (a, b) => times(0.5, matmul(concat([tanh(a), tanh(b)], 1), concat([tanh(b), tanh(a)], 0))),
  (a) => reshape(transpose(reshape(a, [2, 8])), [4, 4]),
  (a, b) =>
    loop({ state: [a], count: 3, body: (_i, y) => [plus(times(0.5, y), sin(times(y, b)))] })
      .state[0],
];

/** The number of ways there are. */
export const WAYS: number = STEPS.length;

/** Choices that make a graph: which way, and how far back its two factors lie. */
export type Recipe = readonly (readonly [way: number, a: number, b: number])[];

/** Results of a random graph over the inputs a and b, [4, 4]: its last matrix and the gradients of its sum. */
export function randomGraph(recipe: Recipe): Expression[] {
  const inputs = [input("a", [4, 4]), input("b", [4, 4])];
  const made = [...inputs];
  for (const [way, a, b] of recipe) {
    const at = (back: number): Expression => made[made.length - 1 - back % made.length];
    made.push(STEPS[way](at(a), at(b)));
  }
  const y = made.at(-1)!;
  return [y, ...gradient(sum(tanh(y)), inputs)];
}
