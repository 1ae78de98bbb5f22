import { assignPoints } from "./assign_points.ts";
import { pointCosts } from "./costs.ts";
import { lineCost } from "./line.ts";
import { cellOrder } from "./multiscale.ts";
import { transport } from "./network_simplex.ts";
import type { Points } from "./points.ts";

/**
 * The exact Wasserstein distance between two sets of equally weighted points, of any sizes.
 *
 * Order 1 takes the Euclidean distance as cost, order 2 the root of the optimal mean squared distance. On a
 * line both are closed forms; equal sizes are an assignment; other sizes go through the network simplex.
 *
 * Units: those of the points.
 *
 * @throws {RangeError} If a set is empty or their dimensions differ.
 *
 * @example A shift moves every point by its length
 * ```ts
 * import assert from "node:assert/strict";
 * const x = { data: Float64Array.of(0, 0, 1, 0, 0, 2), count: 3, dim: 2 };
 * const y = { data: Float64Array.of(3, 6, 3, 4, 4, 4), count: 3, dim: 2 };
 * assert.equal(wasserstein(x, y, 2), 5);
 * ```
 */
export function wasserstein(x: Points, y: Points, order: 1 | 2): number {
  if (x.count === 0 || y.count === 0) {
    throw new RangeError(
      `Cannot transport between empty sets: found ${x.count} and ${y.count} points`,
    );
  }
  const cost = meanCost(x, y, order);
  return order === 1 ? cost : Math.sqrt(cost);
}

function meanCost(x: Points, y: Points, order: 1 | 2): number {
  if (x.dim === 1 && y.dim === 1) return lineCost(x.data, y.data, order);
  const ground = order === 1 ? "euclidean" : "squaredEuclidean";
  if (x.count === y.count) return assignPoints(x, y, ground).cost / x.count;
  return transport(pointCosts(x, y, ground), {
    rowOrder: cellOrder(x),
    columnOrder: cellOrder(y),
  }).cost;
}
