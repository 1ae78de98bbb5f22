import { type Points, streamedCosts } from "../../solvers/transport/mod.ts";

/** Mean of f(squared distance) over all pairs of one x and one y; memory grows with one row only. */
export function meanOverPairs(x: Points, y: Points, f: (squared: number) => number): number {
  const costs = streamedCosts(x, y, "squaredEuclidean");
  let total = 0;
  for (let i = 0; i < x.count; i++) {
    const at = costs.seek(i);
    let sum = 0;
    for (let j = 0; j < y.count; j++) sum += f(costs.data[at + j]);
    total += sum / y.count;
  }
  return total / x.count;
}

/** Mean of f(squared distance) over all pairs of two different points of x, two or more (a U-statistic). */
export function meanOverOwnPairs(x: Points, f: (squared: number) => number): number {
  const costs = streamedCosts(x, x, "squaredEuclidean");
  let total = 0;
  for (let i = 0; i < x.count; i++) {
    const at = costs.seek(i);
    let sum = 0;
    for (let j = 0; j < x.count; j++) if (j !== i) sum += f(costs.data[at + j]);
    total += sum / (x.count - 1);
  }
  return total / x.count;
}
