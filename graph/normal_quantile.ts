/**
 * The standard normal number that a word of 32 random bits stands for: the inverse normal distribution
 * function at p = (word + 1/2) / 2^32, in float64, with a relative error near 1e-15.
 *
 * It is made with +, -, *, / and square roots alone, the logarithm of the tails included, because those
 * are the operations that IEEE 754 rounds alike on every machine; `Math.log` may differ between two.
 * The largest magnitude is 6.35, at p = 2^-33.
 *
 * Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution",
 * Applied Statistics 37(3):477-484, 1988 (PPND16; its far tail, p < 1.4e-11, is out of reach here).
 *
 * @module
 */

/** The normal number of a word, in float64; antisymmetric under flipping every bit of the word. */
export function normalOf(word: number): number {
  return isCentral(word) ? centralNormalOf(word) : tailNormalOf(word);
}

/** Whether |p - 1/2| is at most 0.425, where a ratio of polynomials in p is enough: 85 % of all words. */
export function isCentral(word: number): boolean {
  return (word - FIRST) >>> 0 <= LAST - FIRST;
}

const FIRST = 322122547; // p = 0.075
const LAST = 3972844748; // p = 0.925

/** The normal number of a central word; a finite number without meaning for others. */
export function centralNormalOf(word: number): number {
  const q = (word - 0x7fffffff - 0.5) / 0x100000000; // p - 1/2, exact
  const r = 0.180625 - q * q;
  return q *
    (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r +
                          6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r +
                  1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r +
          1.3314166789178437745e2) * r + 3.3871328727963666080) /
    (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r +
                          3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r +
                  5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r +
          4.2313330701600911252e1) * r + 1);
}

/** The normal number of a word that is not central. */
export function tailNormalOf(word: number): number {
  const lower = word < 0x80000000;
  const r = Math.sqrt(-logTail(lower ? word : ~word >>> 0)) - 1.6;
  const z = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r +
                        2.41780725177450611770e-1) * r + 1.27045825245236838258) * r +
                3.64784832476320460504) * r + 5.76949722146069140550) * r +
        4.63033784615654529590) * r + 1.42343711074968357734) /
    (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r +
                          1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r +
                  6.89767334985100004550e-1) * r + 1.67638483018380384940) * r +
          2.05319162663775882187) * r + 1);
  return lower ? -z : z;
}

/**
 * The natural logarithm of (k + 1/2) / 2^32 = (2 k + 1) / 2^33 for an unsigned 32-bit integer k below 2^31.
 *
 * With 2 k + 1 = m 2^e and m in [sqrt(1/2), sqrt(2)), log m = 2 artanh s at s = (m - 1) / (m + 1).
 *
 * Source: FreeBSD msun, e_log.c (polynomial Lg1 to Lg7, error below 2^-58).
 */
function logTail(k: number): number {
  let e = 32 - Math.clz32(k);
  let m = (2 * k + 1) / POWERS[e]; // exact, in [1, 2)
  if (m > Math.SQRT2) {
    m /= 2;
    e += 1;
  }
  const f = m - 1;
  const s = f / (m + 1);
  const z = s * s;
  const series = z *
    (0.6666666666666735130 + z *
        (0.3999999999940941908 + z *
            (0.2857142874366239149 + z *
                (0.2222219843214978396 + z *
                    (0.1818357216161805012 + z *
                        (0.1531383769920937332 + z * 0.1479819860511658591))))));
  return (e - 33) * 0.6931471805599453 + (f - s * (f - series));
}

const POWERS = Float64Array.from({ length: 33 }, (_, e) => 2 ** e);
