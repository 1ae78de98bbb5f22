/** The error function in float64. */

/**
 * erf(x) to about 1e-15.
 *
 * Source: Abramowitz, Stegun, "Handbook of Mathematical Functions", 7.1.6 (series) and 7.1.14
 * (continued fraction).
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (!(a > 0) || a > 6) return a > 6 ? Math.sign(x) : x;
  return Math.sign(x) * (a < 2.5 ? series(a) : 1 - complement(a));
}

/** 2/sqrt(pi) exp(-x²) times the sum of 2^n x^(2n+1) / (1·3···(2n+1)): all terms positive. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

function complement(x: number): number {
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
