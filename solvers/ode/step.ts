import { type Expression, plus, times } from "../../graph/mod.ts";
import type { Tableau } from "./tableau.ts";

/**
 * The right-hand side of dx/dt = field(t, x).
 *
 * Shapes: `x` and the result are [n, d]; `t` is [n, 1] where every sample has its own time, else [1, 1].
 */
export type Field = (t: Expression, x: Expression) => Expression;

/** Where a step starts and ends. */
export interface StepStart {
  readonly x: Expression;
  /** field(t, x), the first stage. */
  readonly slope: Expression;
  readonly t: Expression;
  /** The end of the step; stages at its end use this and not t + h, which may round elsewhere. */
  readonly end: Expression;
  /** end - t. */
  readonly h: Expression;
}

/** What a step's stages gave. */
export interface StepResult {
  /** The state at the end of the step. */
  readonly x: Expression;
  /** The stages, without one at the end that is the next step's first. */
  readonly slopes: readonly Expression[];
}

/** One step of any method. */
export function step(field: Field, method: Tableau, start: StepStart): StepResult {
  const { x, slope, t, end, h } = start;
  const slopes = [slope];
  for (let i = 1; i < method.evaluations; i++) {
    const at = method.c[i] === 1 ? end : plus(t, times(h, method.c[i]));
    slopes.push(field(at, advance(x, h, weighted(method.a[i], slopes))));
  }
  return { x: advance(x, h, weighted(method.b, slopes)), slopes };
}

/** The sum of weights[i] slopes[i], null if all weights are 0. Weights beyond the slopes are 0. */
export function weighted(
  weights: readonly number[],
  slopes: readonly Expression[],
): Expression | null {
  return slopes.reduce<Expression | null>((sum, slope, i) => {
    if (weights[i] === 0 || weights[i] === undefined) return sum;
    const term = weights[i] === 1 ? slope : times(slope, weights[i]);
    return sum === null ? term : plus(sum, term);
  }, null);
}

function advance(x: Expression, h: Expression, slope: Expression | null): Expression {
  return slope === null ? x : plus(x, times(h, slope));
}
