import { divide, type Expression, minus, negate, plus, times } from "../../graph/mod.ts";
import type { PathPoint, Time } from "../ports.ts";
import { type Interpolant, weightsAt } from "./interpolant.ts";

/**
 * The four ways to say what the mean path does at (t, x). Given X_t = x,
 * velocity is E[dX_t/dt], target is E[X_1], noise is E[X_0], and score is the gradient of log p_t(x),
 * which equals -noise / a when the source is a standard normal.
 */
export type Prediction = "velocity" | "target" | "noise" | "score";

/** One of the four, with its value [n, d]. */
export interface Predicted {
  /** Which of the four. */
  readonly kind: Prediction;
  /** [n, d]. */
  readonly value: Expression;
}

/** The expected end points of the path through (t, x): x = a noise + b target. */
export interface EndPoints {
  /** E[X_0 | X_t = x]. */
  readonly noise: Expression;
  /** E[X_1 | X_t = x]. */
  readonly target: Expression;
}

/**
 * Solves x = a noise + b target together with what was predicted.
 *
 * A velocity determines both at every t, as a b' - a' b > 0. A target says nothing about the noise at
 * t = 1, where a = 0; noise and score say nothing about the target at t = 0, where b = 0: there the result is not finite.
 *
 * Source: methods as in Albergo, Boffi, Vanden-Eijnden, Stochastic interpolants, arXiv:2303.08797, section 2.
 */
export function endPoints(
  interpolant: Interpolant,
  at: { t: Time; x: PathPoint },
  predicted: Predicted,
): EndPoints {
  const { a, b, da, db } = weightsAt(interpolant, at.t);
  const { kind, value } = predicted;
  switch (kind) {
    case "velocity": {
      const determinant = minus(times(a, db), times(da, b));
      return {
        noise: divide(minus(times(db, at.x), times(b, value)), determinant),
        target: divide(minus(times(a, value), times(da, at.x)), determinant),
      };
    }
    case "target":
      return { noise: divide(minus(at.x, times(b, value)), a), target: value };
    case "noise":
      return { noise: value, target: divide(minus(at.x, times(a, value)), b) };
    case "score": {
      const noise = negate(times(a, value));
      return { noise, target: divide(minus(at.x, times(a, noise)), b) };
    }
    default:
      return kind satisfies never;
  }
}

/**
 * Turns one prediction at (t, x) into another.
 *
 * Shapes: `t` is [n, 1] or [1, 1], `x` and the result are [n, d]. Where `endPoints` is not finite, neither is this.
 *
 * @example The score of a standard normal that stays where it is
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluate, input } from "../../graph/mod.ts";
 * import { trigonometric } from "./trigonometric.ts";
 * const t = input("t", [1, 1]);
 * const x = input("x", [1, 1]);
 * const velocity = input("v", [1, 1]); // 0 when source and target are both N(0, 1)
 * const score = convert(trigonometric, { t, x }, { kind: "velocity", value: velocity }, "score");
 * const [{ data }] = evaluate([score], {
 *   t: { data: [0.3], shape: [1, 1] },
 *   x: { data: [1.7], shape: [1, 1] },
 *   v: { data: [0], shape: [1, 1] },
 * });
 * assert.ok(Math.abs(data[0] + 1.7) < 1e-12);
 * ```
 */
export function convert(
  interpolant: Interpolant,
  at: { t: Time; x: PathPoint },
  from: Predicted,
  to: Prediction,
): Expression {
  if (from.kind === to) return from.value;
  const { noise, target } = endPoints(interpolant, at, from);
  const { a, da, db } = weightsAt(interpolant, at.t);
  switch (to) {
    case "velocity":
      return plus(times(da, noise), times(db, target));
    case "target":
      return target;
    case "noise":
      return noise;
    case "score":
      return negate(divide(noise, a));
    default:
      return to satisfies never;
  }
}
