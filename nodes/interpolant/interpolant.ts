import { type Expression, jvp, onesLike, plus, times } from "../../graph/mod.ts";
import { type Port, port, type SourceSample, type TargetSample, type Time } from "../ports.ts";

/** The path between a pair: X_t = a(t) X_0 + b(t) X_1, with a(0) = b(1) = 1 and a(1) = b(0) = 0. */
export interface Interpolant {
  /** The word a spec uses. */
  readonly name: string;
  /** Where it comes from, for a pipeline's list of references. */
  readonly source: string;
  /** Weight of the source at time t; elementwise, so any shape of t will do. */
  readonly a: (t: Expression) => Expression;
  /** Weight of the target at time t. */
  readonly b: (t: Expression) => Expression;
}

/** Both weights and their derivatives in t at one time. */
export interface Weights {
  /** Weight of the source. */
  readonly a: Expression;
  /** Weight of the target. */
  readonly b: Expression;
  /** da/dt. */
  readonly da: Expression;
  /** db/dt. */
  readonly db: Expression;
}

/** A point on the path and the velocity of the path there. */
export interface Interpolated {
  /** X_t, [n, d]. */
  readonly xt: Port<"x_t">;
  /** dX_t/dt = a' X_0 + b' X_1: what a velocity is regressed on. */
  readonly velocity: Port<"velocity">;
}

/** The weights at t; their derivatives come from forward differentiation of the two functions. */
export function weightsAt(interpolant: Interpolant, t: Time): Weights {
  const [a, b] = [interpolant.a(t), interpolant.b(t)];
  const [da, db] = jvp([a, b], new Map([[t, onesLike(t)]]));
  return { a, b, da, db };
}

/**
 * The point of the path at time t between x0 and x1, and the path's velocity there.
 *
 * Shapes: `t` is [n, 1]; `x0`, `x1` and both results are [n, d].
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluate, input } from "../../graph/mod.ts";
 * import { port } from "../ports.ts";
 * import { linear } from "./linear.ts";
 * const x0 = port("x_0", input("x0", [1, 2]));
 * const x1 = port("x_1", input("x1", [1, 2]));
 * const t = port("t", input("t", [1, 1]));
 * const { xt, velocity } = interpolate(linear, { t, x0, x1 });
 * const [point, slope] = evaluate([xt, velocity], {
 *   t: { data: [0.25], shape: [1, 1] },
 *   x0: { data: [0, 4], shape: [1, 2] },
 *   x1: { data: [8, 4], shape: [1, 2] },
 * });
 * assert.deepEqual([...point.data], [2, 4]);
 * assert.deepEqual([...slope.data], [8, 0]);
 * ```
 */
export function interpolate(
  interpolant: Interpolant,
  { t, x0, x1 }: { t: Time; x0: SourceSample; x1: TargetSample },
): Interpolated {
  const { a, b, da, db } = weightsAt(interpolant, t);
  return {
    xt: port("x_t", plus(times(a, x0), times(b, x1))),
    velocity: port("velocity", plus(times(da, x0), times(db, x1))),
  };
}
