import {
  constant,
  divide,
  exp,
  type Expression,
  log,
  logSumExp,
  matmul,
  minus,
  plus,
  reshape,
  square,
  sum,
  times,
} from "../../graph/mod.ts";
import type { GaussianMixtureSpec, GaussianSourceSpec } from "../../dsl/spec.ts";
import { InputError } from "../../dsl/error.ts";
import { type Interpolant, weightsAt } from "../interpolant/mod.ts";
import { perCoordinate, row } from "./rows.ts";
import { symmetricEigen } from "./symmetric_eigen.ts";
import type { Velocity } from "./velocity.ts";

/** One component of the target, along axes in which the source is white and the component is diagonal. */
interface Whitened {
  /** Variances of the component along its axes, in units of the source's. */
  readonly variances: readonly number[];
  /** z = axes (x - centre), one axis a row. */
  readonly axes: readonly (readonly number[])[];
  /** x - centre = sum over j of z_j duals_j. */
  readonly duals: readonly (readonly number[])[];
}

/**
 * The exact velocity from a Gaussian source N(m, diag(s^2)) to a Gaussian mixture sum_k w_k N(mu_k, S_k)
 * under the independent coupling, for any interpolant:
 *
 *     v = a' m + sum_k r_k ( b' mu_k + (a a' S + b b' S_k) (a^2 S + b^2 S_k)^-1 (x - a m - b mu_k) ),
 *     r_k proportional to w_k N(x; a m + b mu_k, a^2 S + b^2 S_k).
 *
 * S and S_k are made diagonal together on the host, so no matrix is inverted at run time and nothing is
 * singular at either end.
 * Source: Albergo, Boffi, Vanden-Eijnden, Stochastic interpolants, arXiv:2303.08797, appendix A.
 *
 * @throws {InputError} If a scale is not positive or a covariance not positive definite.
 */
export function gaussianMixture(
  { source, target, interpolant, dim }: {
    source: GaussianSourceSpec;
    target: GaussianMixtureSpec;
    interpolant: Interpolant;
    dim: number;
  },
): Velocity {
  const scale = perCoordinate(source.scale, dim);
  const bad = scale.find((s) => !(s > 0));
  if (bad !== undefined) {
    throw new InputError(
      `The closed-form velocity needs a source with positive scale, found ${bad}`,
      { field: "source.scale" },
    );
  }
  const components = target.covariances.map((_, k) => whitened(target, { k, scale }));
  const count = components.length;
  const origin = perCoordinate(source.mean, dim);
  const along = (c: Whitened, x: readonly number[]): number[] =>
    c.axes.map((axis) => axis.reduce((s, w, i) => s + w * x[i], 0));

  const axes = constant(components.flatMap((c) => c.axes.flat()), [count * dim, dim]);
  const duals = constant(components.flatMap((c) => c.duals.flat()), [count * dim, dim]);
  const originAlong = row(components.flatMap((c) => along(c, origin)));
  const meanAlong = row(components.flatMap((c, k) => along(c, target.means[k])));
  const variances = row(components.flatMap((c) => c.variances));
  const logWeights = row(target.weights.map(Math.log));
  const means = constant(target.means.flat(), [count, dim]);
  const sourceMean = row(origin);

  return {
    name: "gaussianMixture",
    parameters: [],
    apply(_parameters, t, x) {
      const { a, b, da, db } = weightsAt(interpolant, t);
      const rows = x.shape[0];
      const split = (e: Expression): Expression => reshape(e, [e.shape[0], count, dim]);
      // Everything below is along the axes of each component: [n, count * dim], or [n, count, dim] once split.
      const z = minus(
        matmul(x, axes, { transposeB: true }),
        plus(times(a, originAlong), times(b, meanAlong)),
      );
      const variance = plus(square(a), times(square(b), variances));
      const half = plus(times(a, da), times(times(b, db), variances)); // half the variance's slope
      const logDensity = times(
        -0.5,
        sum(split(plus(divide(square(z), variance), log(variance))), { axes: [2] }),
      );
      const joint = plus(logDensity, logWeights);
      const r = exp(minus(joint, logSumExp(joint, { axes: [1], keep: true }))); // [n, count]
      const stretch = split(times(divide(half, variance), z));
      const pulled = times(reshape(r, [rows, count, 1]), stretch);
      return plus(
        matmul(reshape(pulled, [rows, count * dim]), duals),
        plus(times(da, sourceMean), times(db, matmul(r, means))),
      );
    },
    flops: (batch) => batch * count * dim * (4 * dim + 12),
  };
}

/** Solves S_k = S^(1/2) U diag(variances) U^T S^(1/2) for component k. */
function whitened(
  target: GaussianMixtureSpec,
  { k, scale }: { k: number; scale: readonly number[] },
): Whitened {
  const relative = target.covariances[k].map((r, i) => r.map((c, j) => c / (scale[i] * scale[j])));
  const { values, vectors } = symmetricEigen(relative);
  if (!values.every((v) => v > 0)) {
    throw new InputError(
      `The covariance of component ${k} must be positive definite, found eigenvalues ${
        values.map((v) => v.toPrecision(3)).join(", ")
      } in units of the source's variance`,
      { field: `target.covariances.${k}` },
    );
  }
  return {
    variances: values,
    axes: vectors.map((u) => u.map((c, i) => c / scale[i])),
    duals: vectors.map((u) => u.map((c, i) => c * scale[i])),
  };
}
