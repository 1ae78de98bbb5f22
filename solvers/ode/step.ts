import { concat, type Expression, plus, sliceAxis, times } from "../../graph/mod.ts";
import type { Tableau } from "./tableau.ts";

/**
 * The right-hand side of dx/dt = field(t, x).
 *
 * Shapes: `x` and the result are [n, d]; `t` is [n, 1] where every sample has its own time, else [1, 1].
 */
export interface Field {
  (t: Expression, x: Expression): Expression;
  /**
   * How many of the last components the field does not depend on, such as a log-density: they are only integrated
   * along, so a stage without weight in a step's end needs none of their slopes. None by default.
   */
  readonly quadratures?: number;
}

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
  const { driving, rejoin } = parts(x, field.quadratures ?? 0);
  const slopes = [slope];
  for (let i = 1; i < method.evaluations; i++) {
    const at = method.c[i] === 1 ? end : plus(t, times(h, method.c[i]));
    const moved = advance(driving(x), h, weighted(method.a[i], slopes.map(driving)));
    slopes.push(field(at, rejoin(moved)));
  }
  return { x: advance(x, h, weighted(method.b, slopes)), slopes };
}

/** What a field depends on of a state like `x`, and a state with that and the quadratures of `x`. */
function parts(x: Expression, quadratures: number): {
  driving: (state: Expression) => Expression;
  rejoin: (driving: Expression) => Expression;
} {
  if (quadratures === 0) return { driving: (state) => state, rejoin: (driving) => driving };
  const width = x.shape[1] as number;
  const start = width - quadratures;
  const rest = sliceAxis(x, { axis: 1, start, end: width });
  return {
    driving: (state) => sliceAxis(state, { axis: 1, start: 0, end: start }),
    rejoin: (driving) => concat([driving, rest], 1),
  };
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
