import assert from "node:assert/strict";
import { data } from "../../../dsl/mod.ts";

const means = [[-1, 0], [1, 0]];

Deno.test("data.gaussianMixture() brings weights to the sum 1 and leaves those that have it", () => {
  assert.deepEqual(data.gaussianMixture({ means, weights: [1, 3] }).weights, [0.25, 0.75]);
  const third = [1 / 3, 2 / 3];
  assert.deepEqual(data.gaussianMixture({ means, weights: third }).weights, third);
});

Deno.test("data.gaussianMixture() makes identity covariances by default", () => {
  const identity = [[1, 0], [0, 1]];
  assert.deepEqual(data.gaussianMixture({ means }).covariances, [identity, identity]);
});

Deno.test("data.gaussianMixture() takes a covariance that is symmetric up to rounding", () => {
  const covariance = [[1, 0.1 + 0.2], [0.3, 1]]; // they differ in the last bit
  const { covariances } = data.gaussianMixture({ means: [[0, 0]], covariances: [covariance] });
  assert.deepEqual(covariances, [covariance]);
});

/** A fact, the options beside two means in the plane, and the message without its prefix. */
const refused: readonly (readonly [string, object, string])[] = [
  ["a weight of 0", { weights: [0, 1] }, "weights[0] must be a number above 0: found 0"],
  ["too many weights", { weights: [1, 1, 1] }, "weights must have one entry per mean, 2: found 3"],
  [
    "means of two lengths",
    { means: [[0, 0], [1]] },
    [
      "means[1] must be as long as the first mean, 2: found 1",
    ].join(),
  ],
  ["no mean", { means: [] }, "means must be a list of means, one per component: found []"],
  [
    "a covariance of another size",
    { covariances: [[[1]], [[1, 0], [0, 1]]] },
    "covariances[0] must be a 2 by 2 matrix: found rows of 1",
  ],
  [
    "a covariance that is not symmetric",
    { covariances: [[[1, 0.5], [0, 1]], [[1, 0], [0, 1]]] },
    "covariances[0] must be symmetric",
  ],
  [
    "a covariance that is not positive definite",
    { covariances: [[[1, 0], [0, 1]], [[1, 1], [1, 1]]] },
    "covariances[1] must be positive definite",
  ],
];

for (const [fact, options, message] of refused) {
  Deno.test(`data.gaussianMixture() refuses ${fact}`, () => {
    assert.throws(
      () =>
        data.gaussianMixture({
          means,
          covariances: [[[1, 0], [0, 1]], [[1, 0], [0, 1]]],
          ...options,
        }),
      (error: Error) => {
        assert.equal(error.name, "InputError");
        assert.ok(error.message.includes(message), error.message);
        return true;
      },
    );
  });
}
