import { type Expression, minus, plus, times, zerosLike } from "../../graph/mod.ts";
import { weighted } from "./step.ts";
import type { Tableau } from "./tableau.ts";

/** A step just taken, with the slope at its end. */
export interface TakenStep {
  readonly h: Expression;
  readonly from: Expression;
  readonly to: Expression;
  readonly slopes: readonly Expression[];
  readonly slopeAtEnd: Expression;
}

/** Number of coefficients that a method's dense output has. */
export function denseDegree(method: Tableau): number {
  return method.dense?.[0].length ?? 3;
}

/**
 * The state inside a step as a polynomial: x(t + theta h) = from + sum over p of theta^(p + 1) coefficients[p].
 *
 * It is the method's own where it has one, else the cubic through both ends and their slopes. Its error inside
 * one step is of the order of the method's error over the whole span, so output inside steps keeps the method's order.
 *
 * Source: Hairer, Norsett, Wanner, "Solving Ordinary Differential Equations I", section II.6.
 */
export function denseCoefficients(method: Tableau, taken: TakenStep): Expression[] {
  const { h, from, to, slopes, slopeAtEnd } = taken;
  if (method.dense !== undefined) {
    const { dense } = method;
    const all = [...slopes, slopeAtEnd];
    return dense[0].map((_, p) => {
      const sum = weighted(dense.map((row) => row[p]), all);
      return sum === null ? zerosLike(from) : times(h, sum);
    });
  }
  const [k0, k1] = [times(h, slopes[0]), times(h, slopeAtEnd)];
  const difference = minus(to, from);
  return [
    k0,
    minus(times(3, difference), plus(times(2, k0), k1)),
    minus(plus(k0, k1), times(2, difference)),
  ];
}

/** The polynomial at theta, by Horner's rule. All shapes broadcast. */
export function denseAt(
  from: Expression,
  coefficients: readonly Expression[],
  theta: Expression,
): Expression {
  const top = coefficients.reduceRight((sum, c) => plus(c, times(theta, sum)));
  return plus(from, times(theta, top));
}
