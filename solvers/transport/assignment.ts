/**
 * Exact assignment: shortest augmenting paths on short lists, after Jonker and Volgenant.
 *
 * Duals u (rows) and v (columns) keep every reduced cost cost(i, j) - u_i - v_j at or above zero, and pairs are
 * made only where it is zero; once all rows are paired the pairing is optimal, and the duals prove it.
 * Four stages, each of which keeps that true:
 *
 * 1. Column reduction from the given row duals. Good ones matter most: from zero, 2,000 points in the plane
 *    take some 20 s, from the duals of two halved clouds (multiscale.ts) a fifth of a second.
 * 2. Each row takes its cheapest column while that is free: about half of the rows.
 * 3. Row reduction, twice: a free row takes its cheapest column from whoever has it and lowers v there until its
 *    second choice is as cheap. A tenth of the rows is left.
 * 4. For each row left, Dijkstra's shortest path to a free column over reduced costs.
 *
 * What makes 3 and 4 fast is that a row is seldom read whole. v only ever falls, so reduced costs only rise, and a list of
 * a row's twenty or so cheapest columns, with a lower bound for all the others, stays valid once made
 * (short_lists.ts). Dijkstra puts the bound itself in its queue: when it comes up, and only then, the row is read
 * whole. Nothing is approximated, so no check and no repair follows.
 *
 * Tried and measured, CPU ms on one loaded core for costs and plan, eight Gaussians to moons; POT 0.9.7
 * `emd` with its cost matrix in the same minutes 11, 52 and 1,060 to 1,100 at 256, 512 and 2,000 points:
 *
 * | method                                             | 256 | 512 | 2,000 |
 * | -------------------------------------------------- | --- | --- | ----- |
 * | this one                                           | 5.3 |  23 |   440 |
 * | clouds quartered, sorted lists of 16               | 7.4 |  34 |   620 |
 * | the same without lists, dense Dijkstra             | 6.5 |  30 |   610 |
 * | no starting duals                                  |  58 | 240 | 13,000 |
 *
 * Sources: Jonker & Volgenant, Computing 38:325-340, 1987; Volgenant, Computers & Operations Research
 * 23(10):917-932, 1996 (lists); Schmitzer, arXiv:1510.05466 (coarse duals).
 *
 * @module
 */

import type { Costs } from "./costs.ts";
import { Heap } from "./heap.ts";
import { ShortLists } from "./short_lists.ts";

/** An optimal assignment with the dual variables that prove it. */
export interface Assignment {
  /** For each row, its column. */
  readonly columns: Int32Array;
  /** Dual of each row: `rowDual[i] + columnDual[j] <= cost(i, j)`, equal on assigned pairs. */
  readonly rowDual: Float64Array;
  /** Dual of each column. */
  readonly columnDual: Float64Array;
  /** Sum of the assigned costs. */
  readonly cost: number;
}

/** Passes of row reduction: with more, the searches saved cost less than the passes. */
const REDUCTIONS = 2;

/**
 * The assignment of rows to columns of least total cost.
 *
 * Ties are broken by the order of the rows and columns, so the result is a function of the costs alone (and,
 * where several assignments are optimal, of the start).
 *
 * @param rowStart Row duals to start from, any finite numbers: the nearer the optimal ones, the faster.
 * @throws {RangeError} If the cost matrix is not square.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { matrixCosts } from "./costs.ts";
 * const { columns, cost } = assign(matrixCosts(Float64Array.of(4, 1, 3, 2, 0, 5, 3, 2, 2), 3, 3));
 * assert.deepEqual([...columns], [1, 0, 2]);
 * assert.equal(cost, 5);
 * ```
 */
export function assign(costs: Costs, rowStart?: Float64Array): Assignment {
  const n = costs.rows;
  if (costs.columns !== n) {
    throw new RangeError(
      `Cannot assign rows to columns one to one: the cost matrix is [${n}, ${costs.columns}]`,
    );
  }
  const v = reduceColumns(costs, rowStart ?? new Float64Array(n));
  const lists = new ShortLists(costs, v);
  const matching: Matching = {
    columnOf: new Int32Array(n).fill(NONE),
    rowOf: new Int32Array(n).fill(NONE),
  };
  let free = matchLeast(lists, matching);
  for (let pass = 0; pass < REDUCTIONS && n > 1; pass++) {
    free = reduceRows(lists, matching, free);
  }
  augment(costs, lists, matching, free);
  let cost = 0;
  const rowDual = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const j = matching.columnOf[i];
    const paid = costs.at(i, j);
    cost += paid;
    rowDual[i] = paid - v[j];
  }
  return { columns: matching.columnOf, rowDual, columnDual: v, cost };
}

const NONE = -1;

interface Matching {
  readonly columnOf: Int32Array;
  readonly rowOf: Int32Array;
}

/** v_j = min over i of cost(i, j) - u_i. */
function reduceColumns(costs: Costs, u: Float64Array): Float64Array {
  const v = new Float64Array(costs.columns).fill(Infinity);
  const data = costs.data;
  for (let i = 0; i < costs.rows; i++) {
    const at = costs.seek(i);
    const ui = u[i];
    for (let j = 0; j < v.length; j++) {
      const reduced = data[at + j] - ui;
      if (reduced < v[j]) v[j] = reduced;
    }
  }
  return v;
}

/** Gives each row its cheapest column while it is free. Returns the rows left over. */
function matchLeast(lists: ShortLists, { columnOf, rowOf }: Matching): Int32Array {
  const free = new Int32Array(rowOf.length);
  let count = 0;
  for (let i = 0; i < rowOf.length; i++) {
    const j = lists.least[i];
    if (rowOf[j] === NONE) {
      rowOf[j] = i;
      columnOf[i] = j;
    } else free[count++] = i;
  }
  return free.subarray(0, count);
}

/** Augmenting row reduction: a free row takes its cheapest column and lowers its dual until the second is as cheap. */
function reduceRows(
  lists: ShortLists,
  { columnOf, rowOf }: Matching,
  free: Int32Array,
): Int32Array {
  const { length, column, cost, bound, v, capacity } = lists;
  const left = new Int32Array(free.length);
  let count = 0;
  let budget = 4 * rowOf.length;
  for (let f = 0; f < free.length; f++) {
    let row = free[f];
    for (;;) {
      let least = Infinity;
      let second = Infinity;
      let first = NONE;
      let other = NONE;
      for (let attempt = 0; attempt < 2; attempt++) {
        least = second = Infinity;
        const from = row * capacity;
        for (let p = from; p < from + length[row]; p++) {
          const j = column[p];
          const reduced = cost[p] - v[j];
          if (reduced < second) {
            if (reduced < least) {
              second = least;
              other = first;
              least = reduced;
              first = j;
            } else {
              second = reduced;
              other = j;
            }
          }
        }
        if (second <= bound[row]) break;
        lists.read(row);
      }
      let evicted = rowOf[first];
      if (least < second) v[first] -= second - least;
      else if (evicted !== NONE) {
        first = other;
        evicted = rowOf[first];
      }
      columnOf[row] = first;
      rowOf[first] = row;
      if (evicted === NONE) break;
      columnOf[evicted] = NONE;
      if (least < second && budget-- > 0) row = evicted;
      else {
        left[count++] = evicted;
        break;
      }
    }
  }
  return left.subarray(0, count);
}

/** Assigns each free row along a shortest augmenting path. */
function augment(
  costs: Costs,
  lists: ShortLists,
  { columnOf, rowOf }: Matching,
  free: Int32Array,
): void {
  const n = rowOf.length;
  const { length, column, cost, bound, v, capacity } = lists;
  const data = costs.data;
  const distance = new Float64Array(n);
  const parent = new Int32Array(n);
  const seen = new Int32Array(n).fill(NONE); // the search that reached the column last
  const settled = new Int32Array(n);
  const settledIn = new Int32Array(n).fill(NONE);
  const freeColumns = new Int32Array(n);
  let freeCount = 0;
  for (let j = 0; j < n; j++) if (rowOf[j] === NONE) freeColumns[freeCount++] = j;
  const heap = new Heap(4 * n);
  for (let search = 0; search < free.length; search++) {
    const root = free[search];
    let settledCount = 0;
    let best = Infinity; // length of the shortest path to a free column so far
    let end = NONE;
    let row = root;
    let reach = 0; // distance of `row`, less its dual
    const whole = lists.ensureLeast(root);
    reach = -whole;
    let expand = false;
    heap.clear();
    for (;;) {
      if (expand) {
        const at = lists.read(row);
        for (let j = 0; j < n; j++) {
          const d = reach + data[at + j] - v[j];
          if (d < best && (seen[j] !== search || d < distance[j]) && settledIn[j] !== search) {
            parent[j] = row;
            if (rowOf[j] === NONE) {
              best = d;
              end = j;
            } else {
              seen[j] = search;
              distance[j] = d;
              heap.push(d, j);
            }
          }
        }
      } else {
        const from = row * capacity;
        for (let p = from, to = from + length[row]; p < to; p++) {
          const j = column[p];
          const d = reach + cost[p] - v[j];
          if (d < best && (seen[j] !== search || d < distance[j]) && settledIn[j] !== search) {
            parent[j] = row;
            if (rowOf[j] === NONE) {
              best = d;
              end = j;
            } else {
              seen[j] = search;
              distance[j] = d;
              heap.push(d, j);
            }
          }
        }
        const key = reach + bound[row];
        if (key < best) heap.push(key, n + row);
      }
      let node = NONE;
      while (heap.size > 0 && heap.key[0] < best) {
        node = heap.node[0];
        heap.pop();
        if (node >= n || settledIn[node] !== search) break;
        node = NONE;
      }
      if (node === NONE) break;
      expand = node >= n;
      if (expand) {
        row = node - n;
        const j = columnOf[row];
        reach = row === root ? -whole : distance[j] - (costs.at(row, j) - v[j]);
      } else {
        settledIn[node] = search;
        settled[settledCount++] = node;
        row = rowOf[node];
        reach = distance[node] - (costs.at(row, node) - v[node]);
      }
    }
    for (let s = 0; s < settledCount; s++) {
      const j = settled[s];
      v[j] += distance[j] - best;
    }
    for (let j = end;;) {
      const i = parent[j];
      const previous = columnOf[i];
      rowOf[j] = i;
      columnOf[i] = j;
      if (i === root) break;
      j = previous;
    }
  }
}
