import { type DrawAddress, fillBits } from "../../graph/threefry.ts";

/**
 * Draws `count` independent categories, category i with probability weights[i] / sum of weights.
 *
 * Probabilities are met to 2^-32, the grain of the uniform number each category is looked up with.
 *
 * @throws {RangeError} If a weight is negative or not finite, or all are zero.
 *
 * @example A category of weight zero never comes
 * ```ts
 * import assert from "node:assert/strict";
 * const drawn = categorical({ weights: [1, 0, 3], count: 100 }, { seed: 0, stream: "arm", step: 0 });
 * assert.ok(!drawn.includes(1));
 * ```
 */
export function categorical(
  { weights, count }: { readonly weights: ArrayLike<number>; readonly count: number },
  at: DrawAddress,
): Uint32Array<ArrayBuffer> {
  const cumulative = accumulate(weights);
  const total = cumulative[cumulative.length - 1];
  const out = new Uint32Array(count);
  fillBits(out, at);
  for (let i = 0; i < count; i++) {
    const u = (out[i] + 0.5) / 2 ** 32 * total;
    let [low, high] = [0, cumulative.length - 1];
    while (low < high) { // the first category whose cumulative weight exceeds u
      const middle = (low + high) >>> 1;
      if (cumulative[middle] > u) high = middle;
      else low = middle + 1;
    }
    out[i] = low;
  }
  return out;
}

/** Running sums of the weights. */
function accumulate(weights: ArrayLike<number>): Float64Array {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0 && weights[i] < Infinity)) {
      throw new RangeError(
        `Cannot draw a category as weights are finite and not negative: weight ${i} is ${
          weights[i]
        }`,
      );
    }
    sum += weights[i];
    cumulative[i] = sum;
  }
  if (!(sum > 0)) throw new RangeError("Cannot draw a category as all weights are zero");
  return cumulative;
}
