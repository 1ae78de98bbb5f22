import type { MomentErrorSpec } from "../../dsl/spec.ts";
import type { Points } from "../../solvers/transport/mod.ts";
import { clouds } from "./clouds.ts";
import type { SampleMetric } from "./metric.ts";

/** Euclidean distance between the sample means. */
export const meanError: SampleMetric<MomentErrorSpec> = {
  kind: "meanError",
  name: "error of the mean",
  meaning: "The distance between the mean of the samples and the mean of the target.",
  needs: "samples",
  lowerIsBetter: true,
  unit: () => "x",
  evaluate: (samples, reference) => {
    const [x, y] = clouds(meanError.name, samples, reference);
    return distance(mean(x), mean(y));
  },
};

/** Frobenius distance between the sample covariances (divisor n - 1). */
export const covarianceError: SampleMetric<MomentErrorSpec> = {
  kind: "covarianceError",
  name: "error of the covariance",
  meaning:
    "How much variances and covariances of the samples differ from those of the target, all entries together.",
  needs: "samples",
  lowerIsBetter: true,
  unit: () => "x^2",
  evaluate: (samples, reference) => {
    const [x, y] = clouds(covarianceError.name, samples, reference, 2);
    return distance(covariance(x), covariance(y));
  },
};

function mean({ data, count, dim }: Points): Float64Array {
  const out = new Float64Array(dim);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < dim; k++) out[k] += data[i * dim + k] / count;
  }
  return out;
}

function covariance(points: Points): Float64Array {
  const { data, count, dim } = points;
  const centre = mean(points);
  const out = new Float64Array(dim * dim);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < dim; k++) {
      const a = data[i * dim + k] - centre[k];
      for (let l = 0; l < dim; l++) {
        out[k * dim + l] += a * (data[i * dim + l] - centre[l]) / (count - 1);
      }
    }
  }
  return out;
}

function distance(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) {
    throw new RangeError("Cannot compare points of different dimension");
  }
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2;
  return Math.sqrt(sum);
}
