/** A square matrix, by rows. */
export type Matrix = readonly (readonly number[])[];

/** Where a square matrix is not symmetric, up to rounding (1e-12 of the larger entry); null if it is. */
export function asymmetry(matrix: Matrix): readonly [row: number, column: number] | null {
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [matrix[i][j], matrix[j][i]];
      if (Math.abs(a - b) > 1e-12 * Math.max(Math.abs(a), Math.abs(b))) return [i, j];
    }
  }
  return null;
}

/**
 * The lower triangular factor L of a covariance L L'; its upper triangle is not read.
 *
 * @returns Rows 0 to i of length 1 to i + 1. They are fewer than the matrix has if it is not positive definite: the first
 * block that is not ends with the row that is missing.
 */
export function cholesky(matrix: Matrix): number[][] {
  const factor: number[][] = [];
  for (let i = 0; i < matrix.length; i++) {
    const row: number[] = [];
    for (let j = 0; j < i; j++) {
      row.push((matrix[i][j] - dot(row, factor[j], j)) / factor[j][j]);
    }
    const rest = matrix[i][i] - dot(row, row, i);
    if (!(rest > 0)) break;
    factor.push([...row, Math.sqrt(rest)]);
  }
  return factor;
}

/** Sum of the first `length` products. */
function dot(a: readonly number[], b: readonly number[], length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[k] * b[k];
  return sum;
}
