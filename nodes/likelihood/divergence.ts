import {
  broadcast,
  cast,
  constant,
  equal,
  type Expression,
  iota,
  less,
  loop,
  plus,
  random,
  reshape,
  select,
  type Shape,
  sliceAxis,
  sum,
  times,
  type Value,
  zerosLike,
} from "../../graph/mod.ts";
import type { Field } from "../../solvers/ode/mod.ts";
import { pushforwards } from "./pushforwards.ts";

/** A field at one place, with its divergence there. */
export interface FieldWithDivergence {
  /** [n, d]. */
  readonly velocity: Expression;
  /** The trace of the field's Jacobian in x, [n, 1]. */
  readonly divergence: Expression;
}

/** A way to a field's divergence. */
export type Divergence = (field: Field, t: Expression, x: Expression) => FieldWithDivergence;

/** Directions up to this many are written out one by one; more are looped over, so that the graph stays small. */
const WRITTEN_OUT = 8;

/**
 * The field and its exact divergence: one forward derivative for each coordinate, which share all that does not
 * depend on the direction.
 *
 * Shapes: `x` is [n, d], whatever an event's own shape was before it was flattened.
 * Source: Chen, Rubanova, Bettencourt, Duvenaud, Neural ordinary differential equations, arXiv:1806.07366.
 *
 * @example A rotation with a stretch
 * ```ts
 * import assert from "node:assert/strict";
 * import { constant, evaluate, type Expression, input, matmul } from "../../graph/mod.ts";
 * const [t, x] = [input("t", [1, 1]), input("x", [1, 2])];
 * const field = (_t: unknown, x: Expression) => matmul(x, constant([3, 1, -1, 2], [2, 2]));
 * const { divergence } = exactDivergence(field, t, x);
 * const [{ data }] = evaluate([divergence], { x: { data: [7, 8], shape: [1, 2] } });
 * assert.equal(data[0], 5);
 * ```
 */
export function exactDivergence(field: Field, t: Expression, x: Expression): FieldWithDivergence {
  const dim = x.shape[1];
  if (typeof dim !== "number") {
    throw new TypeError(`The divergence needs a known number of coordinates, found "${dim}"`);
  }
  const velocity = field(t, x);
  const along: Along = (directions) =>
    pushforwards(velocity, x, directions.map((direction) => broadcast(direction, x.shape)));
  return {
    velocity,
    divergence: dim <= WRITTEN_OUT
      ? writtenOut(dim, along)
      : looped(dim, along, zerosLike(sliceAxis(x, { axis: 1, start: 0, end: 1 }))),
  };
}

/**
 * Hutchinson's estimate of the divergence, probe' (dv/dx) probe: one forward derivative whatever the dimension, unbiased
 * where the probe's coordinates are uncorrelated with mean 0 and variance 1. One probe serves a whole solve, so that the
 * solver follows a smooth field.
 *
 * Shapes: `probe` is [n, d], as x.
 * Source: Grathwohl et al., FFJORD, arXiv:1810.01367, section 3.1; Hutchinson, Communications in Statistics
 * 18(3):1059-1076, 1989.
 */
export function hutchinsonDivergence(probe: Expression): Divergence {
  return (field, t, x) => {
    const velocity = field(t, x);
    const [along] = pushforwards(velocity, x, [probe]);
    return { velocity, divergence: sum(times(along, probe), { axes: [1], keep: true }) };
  };
}

/** Probes of Hutchinson's estimate: independent signs, [n, d], the same for equal seed and draw. */
export function signs(
  { seed, shape }: { readonly seed: number; readonly shape: Shape },
  draw: Value,
): Expression {
  const uniform = random(
    { distribution: "uniform", seed, stream: "likelihood/probe", shape },
    draw,
  );
  return select(less(uniform, 0.5), broadcast(-1, shape), broadcast(1, shape));
}

type Along = (directions: readonly Expression[]) => Expression[];

function writtenOut(dim: number, along: Along): Expression {
  const units = Array.from(
    { length: dim },
    (_, i) => constant(Array.from({ length: dim }, (_, j) => (i === j ? 1 : 0)), [1, dim]),
  );
  return along(units)
    .map((row, i) => sliceAxis(row, { axis: 1, start: i, end: i + 1 }))
    .reduce((a, b) => plus(a, b));
}

function looped(dim: number, along: Along, zero: Expression): Expression {
  const result = loop({
    state: [zero],
    count: dim,
    body: (i, total) => {
      const unit = reshape(cast(equal(iota(dim), i), "f32"), [1, dim]);
      return [plus(total, sum(times(along([unit])[0], unit), { axes: [1], keep: true }))];
    },
  });
  return result.state[0];
}
