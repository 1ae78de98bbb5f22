/**
 * Whether shift + scale * draw has the same bits in float32 as in float64 rounded to float32 at the end.
 *
 * A draw is a float32 number. Where a scale is a power of two the product is exact in both, and a sum of two float32
 * numbers is the same number whether it is rounded once or by way of float64, which has more than twice their digits.
 * Where a shift is 0 the product of two float32 numbers is exact in float64, so that it too is rounded once.
 */
export function isSameInFloat32(
  { shift, scale }: { readonly shift: readonly number[]; readonly scale: readonly number[] },
): boolean {
  return scale.every((factor, j) => {
    const offset = shift[Math.min(j, shift.length - 1)];
    if (Math.fround(factor) !== factor || Math.fround(offset) !== offset) return false;
    const size = Math.abs(factor);
    if (!(size > LEAST && size < 1 / LEAST)) return false;
    return offset === 0 || Number.isInteger(Math.log2(size));
  });
}

/** Products with a draw are neither subnormal nor infinite from here to its inverse. */
const LEAST = 2 ** -64;
