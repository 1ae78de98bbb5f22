import {
  concat,
  constant,
  cos,
  evaluate,
  type Expression,
  input,
  minus,
  plus,
  sliceAxis,
  sqrt,
  square,
  sum,
  times,
} from "../../../graph/mod.ts";
import { linear } from "../../../nodes/interpolant/linear.ts";
import { gaussianMixture } from "../../../nodes/velocity/gaussian_mixture.ts";
import { solve, type SolveOptions } from "../../../solvers/ode/mod.ts";

/** Spiral: angle 3t, radius r' = cos(t) r (1 - r), so r = 1 / (1 + 3 exp(-sin t)) from r(0) = 1/4. */
export function spiral(t: Expression, x: Expression): Expression {
  const growth = times(cos(t), minus(1, sqrt(sum(square(x), { axes: [1], keep: true }))));
  const [u, v] = [0, 1].map((i) => sliceAxis(x, { axis: 1, start: i, end: i + 1 }));
  return plus(times(growth, x), times(3, concat([times(-1, v), u], 1)));
}

/** Where the spiral is at time t. */
export function spiralAt(t: number): [number, number] {
  const r = 1 / (1 + 3 * Math.exp(-Math.sin(t)));
  return [r * Math.cos(3 * t), r * Math.sin(3 * t)];
}

/** The numbers of a solve from these rows. */
export interface Solved {
  readonly x: number[][];
  readonly trajectory: number[][][];
  readonly t: number[];
  readonly h: number[];
  readonly status: number[];
  readonly evaluations: number[];
  readonly accepted: number[];
  readonly rejected: number[];
}

/** Solves in the float64 reference interpreter. */
export function solved(
  field: (t: Expression, x: Expression) => Expression,
  rows: readonly (readonly number[])[],
  options: SolveOptions,
): Solved {
  const shape = [rows.length, rows[0].length];
  const result = solve(field, input("x", ["n", shape[1]]), options);
  const { x, trajectory, t, h, status, evaluations, accepted, rejected } = result;
  const values = evaluate(
    [x, trajectory ?? constant(0, [0, 0, 0]), t, h, status, evaluations, accepted, rejected],
    { x: { data: rows.flat(), shape } },
  );
  const plain = values.map((value) => [...value.data]);
  const matrix = (data: number[]): number[][] =>
    Array.from(
      { length: data.length / shape[1] },
      (_, i) => data.slice(i * shape[1], (i + 1) * shape[1]),
    );
  const all = matrix(plain[1]);
  return {
    x: matrix(plain[0]),
    trajectory: Array.from(
      { length: values[1].shape[0] },
      (_, i) => all.slice(i * shape[0], (i + 1) * shape[0]),
    ),
    t: plain[2],
    h: plain[3],
    status: plain[4],
    evaluations: plain[5],
    accepted: plain[6],
    rejected: plain[7],
  };
}

/** Euclidean distance. */
export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((x, i) => x - b[i]));
}

const CENTRES = [[2, 0], [-1, 1.5], [-1, -1.5]];
const closedForm = gaussianMixture({
  source: { kind: "gaussian", dim: 2, mean: 0, scale: 1 },
  target: {
    kind: "gaussianMixture",
    weights: CENTRES.map(() => 1 / 3),
    means: CENTRES,
    covariances: CENTRES.map(() => [[0.09, 0], [0, 0.09]]),
  },
  interpolant: linear,
  dim: 2,
});

/** The velocity of a flow from N(0, I) to three Gaussians of standard deviation 0.3. */
export function mixture(t: Expression, x: Expression): Expression {
  return closedForm.apply([], t, x);
}

/** A grid of 5 x 5 starts of the mixture's flow. */
export const mixtureStarts: readonly (readonly number[])[] = Array.from(
  { length: 25 },
  (_, k) => [-1.5 + 0.75 * Math.floor(k / 5), -1.5 + 0.75 * (k % 5)],
);
