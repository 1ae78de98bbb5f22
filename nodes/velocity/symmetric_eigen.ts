/** Eigenvalues and orthonormal eigenvectors of a symmetric matrix. */
export interface Eigen {
  readonly values: number[];
  /** `vectors[k]` belongs to `values[k]`. */
  readonly vectors: number[][];
}

/** Sweeps at most; convergence is quadratic, so ten reach double precision. */
const MAX_SWEEPS = 50;

/**
 * Diagonalises a symmetric matrix by cyclic Jacobi rotations.
 *
 * Source: Golub, Van Loan, "Matrix Computations", 4th edition, section 8.5.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const { values } = symmetricEigen([[2, 1], [1, 2]]);
 * assert.ok(Math.abs(Math.min(...values) - 1) < 1e-14);
 * ```
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  const total = a.flat().reduce((s, x) => s + x * x, 0);
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a) > 1e-32 * total; sweep++) {
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p][q] !== 0) rotate(a, vectors, [p, q]);
      }
    }
  }
  return { values: a.map((row, i) => row[i]), vectors };
}

function offDiagonal(a: readonly (readonly number[])[]): number {
  return a.reduce((s, row, i) => s + row.reduce((r, x, j) => (i === j ? r : r + x * x), 0), 0);
}

/** Zeroes a[p][q] by a rotation in the plane of p and q. */
function rotate(a: number[][], vectors: number[][], [p, q]: readonly [number, number]): void {
  const tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (const row of a) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
  for (const rows of [a, vectors]) {
    for (let k = 0; k < a.length; k++) {
      [rows[p][k], rows[q][k]] = [
        c * rows[p][k] - s * rows[q][k],
        s * rows[p][k] + c * rows[q][k],
      ];
    }
  }
}
