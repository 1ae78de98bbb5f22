import { z } from "npm:zod@4.6.7";
import type { GaussianMixtureSpec } from "../spec/data.ts";
import { asymmetry, cholesky } from "./covariance.ts";
import { listOf, real } from "./fields.ts";
import { record, type Report } from "./record.ts";

/** Weights that sum to 1; those that do already, up to rounding, are left as they are. */
function normalized(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => Math.abs(sum - 1) <= 1e-12 ? weight : weight / sum);
}

/** Schema of a Gaussian mixture. */
export const gaussianMixture: z.ZodObject = record<GaussianMixtureSpec>(
  "data.gaussianMixture",
  "A mixture of Gaussians, which knows its density.",
  {
    kind: z.literal("gaussianMixture"),
    weights: listOf(real({ above: 0 }), 1, "a list of weights above 0, one per component")
      .describe("Weight of each component; they are brought to the sum 1."),
    means: listOf(
      listOf(real(), 1, "a list of numbers, one per coordinate"),
      1,
      "a list of means, one per component",
    ).describe("Mean of each component."),
    covariances: listOf(
      listOf(listOf(real(), 1, "a row of numbers"), 1, "a square matrix"),
      1,
      "a list of covariance matrices, one per component",
    ).describe("Covariance of each component, symmetric and positive definite."),
  },
  {
    complete: (spec) => ({ ...spec, weights: normalized(spec.weights) }),
    check: checkSizes,
  },
);

/** Reports sizes that disagree and matrices that are no covariances. */
function checkSizes(spec: GaussianMixtureSpec, report: Report): void {
  const { weights, means, covariances } = spec;
  const components = means.length;
  const dim = means[0].length;
  for (const [field, list] of Object.entries({ weights, covariances })) {
    if (list.length === components) continue;
    report([field], `must have one entry per mean, ${components}: found ${list.length}`);
  }
  means.forEach((mean, k) => {
    if (mean.length === dim) return;
    report(["means", k], `must be as long as the first mean, ${dim}: found ${mean.length}`);
  });
  covariances.forEach((covariance, k) => {
    const path = ["covariances", k];
    if (covariance.length !== dim || covariance.some((row) => row.length !== dim)) {
      const sizes = `rows of ${covariance.map((row) => row.length).join(", ")}`;
      report(path, `must be a ${dim} by ${dim} matrix: found ${sizes}`);
    } else if (asymmetry(covariance) !== null) {
      report(path, "must be symmetric");
    } else if (cholesky(covariance).length < dim) {
      report(path, "must be positive definite");
    }
  });
}
