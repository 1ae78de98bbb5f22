import type { Points } from "./points.ts";

/** What moving one unit of mass costs: the distance, or its square. */
export type Ground = "euclidean" | "squaredEuclidean";

/** A cost matrix [rows, columns], read row by row so that it need not be stored. */
export interface Costs {
  readonly rows: number;
  readonly columns: number;
  /** Row `i` as a view or a scratch buffer: read it before asking for the next row. */
  row(i: number): Float64Array;
  /** Entry (i, j). */
  at(i: number, j: number): number;
}

/** Largest matrix that is stored: 2^24 entries, 128 MiB. Beyond, rows are computed when read. */
const STORED_ENTRIES = 2 ** 24;

/**
 * A stored cost matrix.
 *
 * @throws {RangeError} If the sizes do not fit or an entry is not finite: a plan of such costs would
 * have no meaning, so none is made.
 */
export function matrixCosts(matrix: Float64Array, rows: number, columns: number): Costs {
  if (matrix.length !== rows * columns) {
    throw new RangeError(
      `Cannot read ${matrix.length} numbers as a cost matrix [${rows}, ${columns}]`,
    );
  }
  for (let k = 0; k < matrix.length; k++) {
    if (!Number.isFinite(matrix[k])) {
      throw new RangeError(
        `Cannot transport as costs must be finite: entry (${Math.floor(k / columns)}, ${
          k % columns
        }) is ${matrix[k]}`,
      );
    }
  }
  return {
    rows,
    columns,
    row: (i) => matrix.subarray(i * columns, (i + 1) * columns),
    at: (i, j) => matrix[i * columns + j],
  };
}

/**
 * Costs between two clouds of points, exact differences in float64 (no |x|² + |y|² - 2xy, which
 * cancels when points lie far from the origin).
 *
 * @throws {RangeError} If the dimensions differ or a cost overflows.
 */
export function pointCosts(x: Points, y: Points, ground: Ground): Costs {
  if (x.dim !== y.dim) {
    throw new RangeError(
      `Cannot compare points of different dimension: ${x.dim} and ${y.dim}`,
    );
  }
  const columns = y.count;
  const transposed = transpose(y);
  if (x.count * columns <= STORED_ENTRIES) {
    const matrix = new Float64Array(x.count * columns);
    for (let i = 0; i < x.count; i++) {
      fillRow(matrix, i * columns, x, i, transposed, columns, ground);
    }
    return matrixCosts(matrix, x.count, columns);
  }
  const buffer = new Float64Array(columns);
  return {
    rows: x.count,
    columns,
    row: (i) => {
      buffer.fill(0);
      fillRow(buffer, 0, x, i, transposed, columns, ground);
      return buffer;
    },
    at: (i, j) => groundCost(x, i, y, j, ground),
  };
}

/** The cost between row `i` of x and row `j` of y. */
export function groundCost(x: Points, i: number, y: Points, j: number, ground: Ground): number {
  let sum = 0;
  for (let k = 0; k < x.dim; k++) {
    const difference = x.data[i * x.dim + k] - y.data[j * y.dim + k];
    sum += difference * difference;
  }
  return ground === "euclidean" ? Math.sqrt(sum) : sum;
}

/** Adds the costs of row `i` into `into`, which holds zeros; `transposed` is y as [dim, columns]. */
function fillRow(
  into: Float64Array,
  offset: number,
  x: Points,
  i: number,
  transposed: Float64Array,
  columns: number,
  ground: Ground,
): void {
  for (let k = 0; k < x.dim; k++) {
    const coordinate = x.data[i * x.dim + k];
    const start = k * columns;
    for (let j = 0; j < columns; j++) {
      const difference = coordinate - transposed[start + j];
      into[offset + j] += difference * difference;
    }
  }
  if (ground === "euclidean") {
    for (let j = 0; j < columns; j++) into[offset + j] = Math.sqrt(into[offset + j]);
  }
}

function transpose(points: Points): Float64Array {
  const { data, count, dim } = points;
  const out = new Float64Array(data.length);
  for (let j = 0; j < count; j++) {
    for (let k = 0; k < dim; k++) out[k * count + j] = data[j * dim + k];
  }
  return out;
}
