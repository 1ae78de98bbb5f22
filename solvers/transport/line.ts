/**
 * Wasserstein distance of order p on a line: the quantile functions are compared piece by piece.
 *
 * W_p^p = integral over s in (0, 1) of |Q_x(s) - Q_y(s)|^p, exact for samples of any two sizes.
 * Source: Peyré & Cuturi, "Computational Optimal Transport", §2.6.
 *
 * @param x Samples, in any order, equally weighted; not changed.
 * @returns The distance to the power p.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(lineCost(Float64Array.of(0, 1), Float64Array.of(3, 2), 2), 4);
 * ```
 */
export function lineCost(x: Float64Array, y: Float64Array, order: 1 | 2): number {
  if (x.length === 0 || y.length === 0) {
    throw new RangeError(
      `Cannot transport between empty sets: found ${x.length} and ${y.length} samples`,
    );
  }
  const [a, b] = [x.toSorted(), y.toSorted()];
  let total = 0;
  // Whole units: each x carries b.length of them, each y a.length.
  for (let i = 0, j = 0, have = b.length, want = a.length; i < a.length && j < b.length;) {
    const units = Math.min(have, want);
    const difference = Math.abs(a[i] - b[j]);
    total += units * (order === 1 ? difference : difference * difference);
    have -= units;
    want -= units;
    if (have === 0) {
      i++;
      have = b.length;
    }
    if (want === 0) {
      j++;
      want = a.length;
    }
  }
  return total / (a.length * b.length);
}
