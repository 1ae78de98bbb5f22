import { assign, type Assignment } from "./assignment.ts";
import { type Ground, pointCosts } from "./costs.ts";
import { coarseDuals } from "./multiscale.ts";
import type { Points } from "./points.ts";

/**
 * The optimal assignment of the points x to as many points y.
 *
 * @throws {RangeError} If the clouds differ in size or dimension, or a cost is not finite.
 */
export function assignPoints(x: Points, y: Points, ground: Ground): Assignment {
  return assign(pointCosts(x, y, ground), coarseDuals(x, y, ground));
}
