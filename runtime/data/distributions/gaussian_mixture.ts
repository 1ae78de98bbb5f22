import { InputError } from "../../../dsl/error.ts";
import { asymmetry, cholesky } from "../../../dsl/schema/covariance.ts";
import type { GaussianMixtureSpec } from "../../../dsl/spec.ts";
import type { Tensor } from "../../../graph/types.ts";
import { categorical } from "../../random/mod.ts";
import { type Distribution, partsOf } from "./distribution.ts";

/**
 * A mixture of Gaussians with full covariances; its density is known.
 *
 * @throws {InputError} If sizes disagree or a covariance is not symmetric and positive definite.
 */
export function gaussianMixture(spec: GaussianMixtureSpec): Distribution {
  const { weights, means, covariances } = spec;
  if (means.length !== weights.length || covariances.length !== weights.length) {
    throw new InputError(
      "A Gaussian mixture needs one mean and one covariance for each weight: found " +
        `${weights.length} weights, ${means.length} means and ${covariances.length} covariances`,
      { field: "weights" },
    );
  }
  means.forEach((mean, k) => {
    if (mean.length === means[0].length) return;
    throw new InputError(
      `The means of a Gaussian mixture have one length: means[0] has ${means[0].length} ` +
        `coordinates, means[${k}] has ${mean.length}`,
      { field: `means[${k}]` },
    );
  });
  return mixture({
    weights,
    means,
    factors: covariances.map((c, k) => factorOf(c, means[0].length, `covariances[${k}]`)),
  });
}

/** A mixture of Gaussians given by lower triangular factors L of the covariances L L'. */
export function mixture(components: {
  readonly weights: readonly number[];
  readonly means: readonly (readonly number[])[];
  readonly factors: readonly (readonly (readonly number[])[])[];
}): Distribution {
  const { weights, means, factors } = components;
  const dim = means[0].length;
  const invertible = factors.every((rows) => rows.every((row, i) => row[i] > 0));
  return {
    dim,
    density: invertible ? { logDensity: (x) => logDensity(x, components) } : null,
    sample(count, at) {
      const parts = partsOf(at);
      const chosen = categorical({ weights, count }, parts.child("component").at(at.step));
      const out = parts.child("noise").normal(count * dim, at.step);
      for (let row = 0; row < count; row++) {
        const z = out.subarray(row * dim, (row + 1) * dim);
        const mean = means[chosen[row]];
        const factor = factors[chosen[row]];
        for (let i = dim - 1; i >= 0; i--) { // downwards, so that z[0 ... i] are still the noise
          let sum = mean[i];
          for (let j = 0; j <= i; j++) sum += factor[i][j] * z[j];
          z[i] = sum;
        }
      }
      return out;
    },
  };
}

function logDensity(
  x: Tensor,
  { weights, means, factors }: Parameters<typeof mixture>[0],
): Float64Array {
  const dim = means[0].length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const offsets = factors.map((factor, k) => {
    const logDeterminant = factor.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
    return Math.log(weights[k] / total) - logDeterminant - dim / 2 * Math.log(2 * Math.PI);
  });
  const whitened = new Float64Array(dim);
  const terms = new Float64Array(weights.length);
  return Float64Array.from({ length: x.shape[0] }, (_, row) => {
    for (let k = 0; k < terms.length; k++) {
      let squares = 0;
      for (let i = 0; i < dim; i++) { // forward substitution
        let rest = x.data[row * dim + i] - means[k][i];
        for (let j = 0; j < i; j++) rest -= factors[k][i][j] * whitened[j];
        whitened[i] = rest / factors[k][i][i];
        squares += whitened[i] * whitened[i];
      }
      terms[k] = offsets[k] - squares / 2;
    }
    const top = terms.reduce((a, b) => Math.max(a, b), -Infinity);
    return top + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - top), 0));
  });
}

/** The lower triangular factor of a covariance, by the rules of the schema. */
function factorOf(
  covariance: readonly (readonly number[])[],
  dim: number,
  field: string,
): number[][] {
  if (covariance.length !== dim || covariance.some((row) => row.length !== dim)) {
    throw new InputError(`${field} must be ${dim} x ${dim}, like the mean beside it`, { field });
  }
  const found = asymmetry(covariance);
  if (found !== null) {
    const [i, j] = found;
    throw new InputError(
      `${field} must be symmetric: entry [${i}][${j}] is ${covariance[i][j]}, ` +
        `entry [${j}][${i}] is ${covariance[j][i]}`,
      { field },
    );
  }
  const factor = cholesky(covariance);
  if (factor.length < dim) {
    const size = factor.length + 1;
    throw new InputError(
      `${field} must be positive definite: its leading ${size} x ${size} block is not`,
      { field },
    );
  }
  return factor;
}
