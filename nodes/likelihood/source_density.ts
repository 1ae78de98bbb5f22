import {
  all,
  and,
  broadcast,
  constant,
  divide,
  equal,
  type Expression,
  floor,
  less,
  lessOrEqual,
  logSumExp,
  matmul,
  minus,
  plus,
  reshape,
  select,
  square,
  sum,
  times,
} from "../../graph/mod.ts";
import { cholesky } from "../../dsl/schema/covariance.ts";
import type { SourceSpec } from "../../dsl/spec.ts";
import { perCoordinate, row } from "../velocity/rows.ts";

/** The natural logarithm of a density: [n, d] -> [n]. */
export type LogDensity = (x: Expression) => Expression;

/** Gives the density of a source of `dim` coordinates, or null where it has no closed form. */
type DensityOf<K extends SourceSpec["kind"]> = (
  spec: Extract<SourceSpec, { kind: K }>,
  dim: number,
) => LogDensity | null;

const none = (): null => null;

/** What is known of the density of each kind of source; a new kind without a line here does not compile. */
const DENSITIES: { readonly [K in SourceSpec["kind"]]: DensityOf<K> } = {
  gaussian: ({ mean, scale }, dim) => {
    const [at, by] = [perCoordinate(mean, dim), perCoordinate(scale, dim)];
    const offset = by.reduce((total, s) => total - Math.log(s), -dim / 2 * Math.log(2 * Math.PI));
    return (x) => {
      const squares = sum(square(divide(minus(x, row(at)), row(by))), { axes: [1] });
      return minus(offset, times(0.5, squares));
    };
  },
  uniform: ({ low, high }, dim) => {
    const [from, to] = [perCoordinate(low, dim), perCoordinate(high, dim)];
    const inside = from.reduce((total, l, j) => total - Math.log(to[j] - l), 0);
    return (x) => {
      const within = and(lessOrEqual(row(from), x), lessOrEqual(x, row(to)));
      return supported(all(within, { axes: [1] }), inside);
    };
  },
  gaussianMixture: ({ weights, means, covariances }) =>
    mixture({ weights, means, factors: covariances.map(cholesky) }),
  eightGaussians: ({ radius, noise }) => {
    if (!(noise > 0)) return null;
    const angles = Array.from({ length: 8 }, (_, k) => k * Math.PI / 4);
    return mixture({
      weights: angles.map(() => 1),
      means: angles.map((angle) => [radius * Math.cos(angle), radius * Math.sin(angle)]),
      factors: angles.map(() => [[noise], [0, noise]]),
    });
  },
  checkerboard: ({ cells, extent }) => {
    const side = 2 * extent / cells;
    return (x) => {
      const square = floor(divide(plus(x, extent), side)); // [n, 2]
      const onBoard = and(lessOrEqual(0, square), less(square, cells));
      const place = sum(square, { axes: [1] });
      const dark = equal(place, times(2, floor(times(0.5, place))));
      return supported(
        and(all(onBoard, { axes: [1] }), dark),
        -Math.log(cells * cells / 2 * side * side),
      );
    };
  },
  twoMoons: none,
  pinwheel: none,
  swissRoll: none,
  sCurve: none,
  circles: none,
  npy: none,
  npz: none,
  csv: none,
  parquet: none,
  array: none,
};

/**
 * The log-density of a source as an expression, in units of the source; null where it has no closed form.
 *
 * @example The standard normal density at the origin of the plane
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluate, input } from "../../graph/mod.ts";
 * const density = sourceDensity({ kind: "gaussian", dim: 2, mean: 0, scale: 1 }, 2)!;
 * const [log] = evaluate([density(input("x", ["n", 2]))], { x: { data: [0, 0], shape: [1, 2] } });
 * assert.ok(Math.abs(log.data[0] + Math.log(2 * Math.PI)) < 1e-6);
 * ```
 */
export function sourceDensity(spec: SourceSpec, dim: number): LogDensity | null {
  // The spec fits the maker of its own kind, which TypeScript cannot follow through a union.
  const make = DENSITIES[spec.kind] as (spec: SourceSpec, dim: number) => LogDensity | null;
  return make(spec, dim);
}

/** A value where a condition holds, and minus infinity elsewhere. */
function supported(inside: Expression, value: number): Expression {
  return select(inside, broadcast(value, inside.shape), broadcast(-Infinity, inside.shape));
}

/** A mixture of Gaussians given by lower triangular factors L of the covariances L L'. */
function mixture({ weights, means, factors }: {
  readonly weights: readonly number[];
  readonly means: readonly (readonly number[])[];
  readonly factors: readonly (readonly (readonly number[])[])[];
}): LogDensity {
  const [count, dim] = [weights.length, means[0].length];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const offsets = factors.map((factor, k) => {
    const logDeterminant = factor.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
    return Math.log(weights[k] / total) - logDeterminant - dim / 2 * Math.log(2 * Math.PI);
  });
  const whitening = constant(factors.flatMap((factor) => inverse(factor).flat()), [
    count,
    dim,
    dim,
  ]);
  return (x) => {
    const [rows] = x.shape;
    const centred = minus(
      reshape(x, [1, rows, dim]),
      constant(means.flat(), [count, 1, dim]),
    );
    const white = matmul(centred, whitening, { transposeB: true }); // [components, n, d]
    const squares = sum(square(white), { axes: [2] });
    return logSumExp(minus(constant(offsets, [count, 1]), times(0.5, squares)), { axes: [0] });
  };
}

/** The inverse of a lower triangular matrix, as a full one. */
function inverse(factor: readonly (readonly number[])[]): number[][] {
  const dim = factor.length;
  const result = factor.map(() => Array<number>(dim).fill(0));
  for (let column = 0; column < dim; column++) {
    for (let i = column; i < dim; i++) { // forward substitution
      let rest = i === column ? 1 : 0;
      for (let j = column; j < i; j++) rest -= factor[i][j] * result[j][column];
      result[i][column] = rest / factor[i][i];
    }
  }
  return result;
}
