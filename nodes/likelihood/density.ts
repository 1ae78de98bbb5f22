import {
  all,
  and,
  concat,
  constant,
  divide,
  type Expression,
  lessOrEqual,
  logSumExp,
  matmul,
  minus,
  plus,
  select,
  square,
  sum,
  times,
} from "../../graph/mod.ts";
import type { GaussianMixtureSpec, SourceSpec } from "../../dsl/spec.ts";
import { perCoordinate, row } from "../velocity/rows.ts";
import { symmetricEigen } from "../velocity/symmetric_eigen.ts";

/** log p(x) in nats: [n, d] to [n, 1]. */
export type LogDensity = (x: Expression) => Expression;

const LOG_TWO_PI = Math.log(2 * Math.PI);

/** The density of a source or target that knows it; null for one that is only known by its samples. */
export function densityOf(spec: SourceSpec, dim: number): LogDensity | null {
  switch (spec.kind) {
    case "gaussian":
      return gaussian(perCoordinate(spec.mean, dim), perCoordinate(spec.scale, dim));
    case "uniform":
      return uniform(perCoordinate(spec.low, dim), perCoordinate(spec.high, dim));
    case "gaussianMixture":
      return mixture(spec);
    default:
      return null;
  }
}

function gaussian(mean: readonly number[], scale: readonly number[]): LogDensity {
  const volume = scale.reduce((s, x) => s + Math.log(x) + LOG_TWO_PI / 2, 0);
  return (x) => {
    const z = divide(minus(x, row(mean)), row(scale));
    return minus(times(-0.5, sum(square(z), { axes: [1], keep: true })), volume);
  };
}

function uniform(low: readonly number[], high: readonly number[]): LogDensity {
  const volume = low.reduce((s, x, i) => s + Math.log(high[i] - x), 0);
  return (x) => {
    const inside = and(lessOrEqual(row(low), x), lessOrEqual(x, row(high)));
    return select(all(inside, { axes: [1], keep: true }), -volume, -Infinity);
  };
}

function mixture({ weights, means, covariances }: GaussianMixtureSpec): LogDensity {
  const components = weights.map((weight, k): LogDensity => {
    const { values, vectors } = symmetricEigen(covariances[k]);
    const dim = values.length;
    const whiten = constant(vectors.flatMap((u, j) => u.map((c) => c / Math.sqrt(values[j]))), [
      dim,
      dim,
    ]);
    const volume = values.reduce((s, v) => s + (Math.log(v) + LOG_TWO_PI) / 2, 0);
    return (x) => {
      const z = matmul(minus(x, row(means[k])), whiten, { transposeB: true });
      return plus(
        times(-0.5, sum(square(z), { axes: [1], keep: true })),
        Math.log(weight) - volume,
      );
    };
  });
  return (x) => logSumExp(concat(components.map((c) => c(x)), 1), { axes: [1], keep: true });
}
