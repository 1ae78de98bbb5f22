import type { Points } from "./points.ts";

/** What moving one unit of mass costs: the distance, or its square. */
export type Ground = "euclidean" | "squaredEuclidean";

/**
 * A cost matrix [rows, columns], read row by row so that it need not be stored.
 *
 * Entry (i, j) is `data[seek(i) + j]` until the next `seek`.
 */
export interface Costs {
  /** Size of the first side. */
  readonly rows: number;
  /** Size of the second side. */
  readonly columns: number;
  /** The whole matrix, or the row sought last. */
  readonly data: Float64Array;
  /** Where row `i` starts in `data`. */
  seek(i: number): number;
  /** Entry (i, j) alone; leaves the row that was sought in place. */
  at(i: number, j: number): number;
}

/** Largest matrix that is stored: 2^25 entries, 256 MiB. Beyond, rows are computed when sought. */
const STORED_ENTRIES = 2 ** 25;

/**
 * A stored cost matrix.
 *
 * @throws {RangeError} If the sizes do not fit or an entry is not finite: a plan of such costs would
 * have no meaning, so none is made.
 */
export function matrixCosts(data: Float64Array, rows: number, columns: number): Costs {
  if (data.length !== rows * columns) {
    throw new RangeError(
      `Cannot read ${data.length} numbers as a cost matrix [${rows}, ${columns}]`,
    );
  }
  for (let k = 0; k < data.length; k++) {
    if (!(Math.abs(data[k]) < Infinity)) {
      throw new RangeError(
        `Cannot transport as costs must be finite: entry (${Math.floor(k / columns)}, ${
          k % columns
        }) is ${data[k]}`,
      );
    }
  }
  return {
    rows,
    columns,
    data,
    seek: (i) => i * columns,
    at: (i, j) => data[i * columns + j],
  };
}

/**
 * Costs between two clouds of points: differences are squared one by one, in float64, because
 * |x|² + |y|² - 2xy cancels when points lie far from the origin.
 *
 * @throws {RangeError} If the dimensions differ or a cost overflows.
 */
export function pointCosts(x: Points, y: Points, ground: Ground): Costs {
  const costs = streamedCosts(x, y, ground);
  if (x.count * y.count > STORED_ENTRIES) return costs;
  const matrix = new Float64Array(x.count * y.count);
  const columns = transpose(y);
  for (let i = 0; i < x.count; i++) addRow(matrix, i * y.count, x, i, columns);
  if (ground === "euclidean") {
    for (let k = 0; k < matrix.length; k++) matrix[k] = Math.sqrt(matrix[k]);
  }
  return matrixCosts(matrix, x.count, y.count);
}

/**
 * The same costs, never stored: a row is computed when it is sought.
 *
 * @throws {RangeError} If the dimensions differ; from `seek`, if a cost overflows.
 */
export function streamedCosts(x: Points, y: Points, ground: Ground): Costs {
  if (x.dim !== y.dim) {
    throw new RangeError(
      `Cannot compare points of different dimension: found ${x.dim} and ${y.dim}`,
    );
  }
  const data = new Float64Array(y.count);
  const columns = transpose(y);
  return {
    rows: x.count,
    columns: y.count,
    data,
    seek: (i) => {
      data.fill(0);
      addRow(data, 0, x, i, columns);
      let sum = 0;
      for (let j = 0; j < data.length; j++) {
        if (ground === "euclidean") data[j] = Math.sqrt(data[j]);
        sum += data[j];
      }
      if (!(sum < Infinity)) {
        throw new RangeError(`Cannot transport as costs must be finite: row ${i} overflows`);
      }
      return 0;
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

/**
 * Adds the squared distances from row `i` of x to every y, given as [dim, count]. Four coordinates at a
 * time: one store for four loads, half the time of one by one in 64 dimensions.
 */
function addRow(
  into: Float64Array,
  offset: number,
  { data, dim }: Points,
  i: number,
  columns: Float64Array,
): void {
  const count = columns.length / Math.max(1, dim);
  const point = i * dim;
  let k = 0;
  for (; k + 4 <= dim; k += 4) {
    const x0 = data[point + k];
    const x1 = data[point + k + 1];
    const x2 = data[point + k + 2];
    const x3 = data[point + k + 3];
    const y0 = k * count;
    const y1 = y0 + count;
    const y2 = y1 + count;
    const y3 = y2 + count;
    for (let j = 0; j < count; j++) {
      const d0 = x0 - columns[y0 + j];
      const d1 = x1 - columns[y1 + j];
      const d2 = x2 - columns[y2 + j];
      const d3 = x3 - columns[y3 + j];
      into[offset + j] += d0 * d0 + d1 * d1 + (d2 * d2 + d3 * d3);
    }
  }
  for (; k + 2 <= dim; k += 2) {
    const x0 = data[point + k];
    const x1 = data[point + k + 1];
    const y0 = k * count;
    const y1 = y0 + count;
    for (let j = 0; j < count; j++) {
      const d0 = x0 - columns[y0 + j];
      const d1 = x1 - columns[y1 + j];
      into[offset + j] += d0 * d0 + d1 * d1;
    }
  }
  for (; k < dim; k++) {
    const x0 = data[point + k];
    const y0 = k * count;
    for (let j = 0; j < count; j++) {
      const d0 = x0 - columns[y0 + j];
      into[offset + j] += d0 * d0;
    }
  }
}

function transpose({ data, count, dim }: Points): Float64Array {
  const out = new Float64Array(data.length);
  for (let j = 0; j < count; j++) {
    for (let k = 0; k < dim; k++) out[k * count + j] = data[j * dim + k];
  }
  return out;
}

/** Row `i` as a view, good until the next `seek`. */
export function costRow(costs: Costs, i: number): Float64Array {
  const at = costs.seek(i);
  return costs.data.subarray(at, at + costs.columns);
}
