import { assign } from "./assignment.ts";
import { type Ground, pointCosts, streamedCosts } from "./costs.ts";
import type { Points } from "./points.ts";
import { partition } from "./partition.ts";

/** Clouds below this size are assigned from nothing. */
const SMALLEST = 16;

/**
 * In more dimensions than this cells of a k-d tree say little about their points, and the duals cost more
 * than they save (measured at 256 and 1,000 points: 3 to 60 times faster in 2 to 4 dimensions, even at 32).
 */
const MOST_DIMENSIONS = 16;

/**
 * Row duals for the assignment of x to y that are near the optimal ones: those of two clouds of half
 * the size, carried over by the c-transform u(x) = min over l of cost(x, Y_l) - v_l.
 *
 * @returns Nothing where it would not pay: few points or many dimensions.
 */
export function coarseDuals(x: Points, y: Points, ground: Ground): Float64Array | undefined {
  const cells = x.count >> 1;
  if (cells < SMALLEST || x.dim > MOST_DIMENSIONS) return undefined;
  const [coarseX, coarseY] = [cellMeans(x, cells), cellMeans(y, cells)];
  const v = assign(
    pointCosts(coarseX, coarseY, ground),
    coarseDuals(coarseX, coarseY, ground),
  ).columnDual;
  const costs = streamedCosts(x, coarseY, ground);
  const u = new Float64Array(x.count);
  for (let i = 0; i < u.length; i++) {
    const at = costs.seek(i);
    let least = Infinity;
    for (let l = 0; l < cells; l++) {
      const reduced = costs.data[at + l] - v[l];
      if (reduced < least) least = reduced;
    }
    u[i] = least;
  }
  return u;
}

/** The means of `cells` groups of neighbouring points, as equal in number as can be. */
function cellMeans(points: Points, cells: number): Points {
  const { data, dim } = points;
  const means = new Float64Array(cells * dim);
  let cell = 0;
  divide(points, cells, (order, from, to) => {
    for (let p = from; p < to; p++) {
      for (let k = 0; k < dim; k++) means[cell * dim + k] += data[order[p] * dim + k] / (to - from);
    }
    cell++;
  });
  return { data: means, count: cells, dim };
}

/** An order of the points that keeps neighbours together: the leaves of a k-d tree from left to right. */
export function cellOrder(points: Points): Int32Array {
  return divide(points, points.count, () => {});
}

/** Cuts the points into `cells` groups by halving the widest axis; returns their order. */
function divide(
  points: Points,
  cells: number,
  visit: (order: Int32Array, from: number, to: number) => void,
): Int32Array {
  const { data, count, dim } = points;
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const key = new Float64Array(count);
  function cut(from: number, to: number, parts: number): void {
    if (parts === 1) return visit(order, from, to);
    const axis = widestAxis(points, order, from, to);
    for (let p = from; p < to; p++) key[p] = data[order[p] * dim + axis];
    const low = parts >> 1;
    const middle = from + Math.round(((to - from) * low) / parts);
    partition(key, order, { from, to: to - 1, middle });
    cut(from, middle, low);
    cut(middle, to, parts - low);
  }
  cut(0, count, cells);
  return order;
}

function widestAxis(
  { data, dim }: Points,
  order: Int32Array,
  from: number,
  to: number,
): number {
  let axis = 0;
  let widest = -1;
  for (let k = 0; k < dim; k++) {
    let low = Infinity;
    let high = -Infinity;
    for (let p = from; p < to; p++) {
      const x = data[order[p] * dim + k];
      if (x < low) low = x;
      if (x > high) high = x;
    }
    if (high - low > widest) {
      widest = high - low;
      axis = k;
    }
  }
  return axis;
}
