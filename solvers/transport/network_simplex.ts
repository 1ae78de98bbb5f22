/**
 * Exact transport between any two weighted sets by the network simplex method.
 *
 * A basis is a spanning tree of the bipartite graph: rows are nodes 0 to n - 1, columns n to n + m - 1, and
 * `flow[k]` is carried by the arc between node k and its parent, always from the row to the column. A pivot
 * lets one arc of negative reduced cost in, sends as much as it can around the cycle that closes, and cuts
 * the arc that ran dry. Rows are priced in turn and the best arc of a row enters (block search with the row
 * as block: sqrt(n m) arcs, the size LEMON found best).
 *
 * Flows are integers, perturbed so that none is zero (units.ts): every pivot moves at least one unit, the
 * objective falls each time, and the method cannot cycle. The final tree is optimal for the weights as
 * they were, and the plan is made from those.
 *
 * Source: Ahuja, Magnanti, Orlin, "Network Flows", ch. 11; Orden, Management Science 2(3):276-285, 1956.
 *
 * @module
 */

import type { Costs } from "./costs.ts";
import { wholeUnits } from "./units.ts";

/** An optimal plan between weighted sets, entry by entry, with the duals that prove it. */
export interface TransportPlan {
  /** Entry e moves `mass[e]` from row `row[e]` to column `column[e]`; at most rows + columns - 1. */
  readonly row: Int32Array;
  /** The column of each entry. */
  readonly column: Int32Array;
  /** Positive, of sum 1. */
  readonly mass: Float64Array;
  /** Duals: `rowDual[i] + columnDual[j] <= cost(i, j)`, equal where mass moves. */
  readonly rowDual: Float64Array;
  /** Dual of each column. */
  readonly columnDual: Float64Array;
  /** Sum of mass times cost. */
  readonly cost: number;
}

/** The weights of the two sides and, if known, orders that lay near things side by side. */
export interface TransportOptions {
  /** Weights of the rows; scaled to sum 1. All equal when left out. */
  readonly rowWeights?: ArrayLike<number>;
  /** Weights of the columns, likewise. */
  readonly columnWeights?: ArrayLike<number>;
  /** The first tree is the staircase through these orders: the better they match, the fewer pivots. */
  readonly rowOrder?: Int32Array;
  /** The order of the columns. */
  readonly columnOrder?: Int32Array;
}

/**
 * The optimal transport plan for these costs.
 *
 * Equal weights are exact; other weights are rounded to units of about 1e-12 of the total.
 *
 * @throws {RangeError} If a side is empty, or a weight is negative or not finite, or all are zero.
 *
 * @example Two units of dirt, three holes
 * ```ts
 * import assert from "node:assert/strict";
 * import { matrixCosts } from "./costs.ts";
 * const plan = transport(matrixCosts(Float64Array.of(0, 1, 9, 9, 1, 0), 2, 3));
 * assert.ok(Math.abs(plan.cost - 1 / 3) < 1e-15);
 * ```
 */
export function transport(costs: Costs, options: TransportOptions = {}): TransportPlan {
  const { supply, demand, perturbedSupply, perturbedDemand } = wholeUnits(costs, options);
  const tree = new Tree(costs, perturbedSupply, perturbedDemand, options);
  const tolerance = 1e-13 * tree.scale;
  for (let row = 0, clean = 0; clean < costs.rows; row = (row + 1) % costs.rows) {
    const column = tree.price(row, tolerance);
    if (column < 0) clean++;
    else {
      tree.pivot(row, column);
      clean = 0;
    }
  }
  return tree.plan(supply, demand);
}

const NONE = -1;

class Tree {
  readonly scale: number;
  readonly #costs: Costs;
  readonly #rows: number;
  readonly #parent: Int32Array;
  readonly #flow: Float64Array;
  readonly #depth: Int32Array;
  readonly #potential: Float64Array;
  readonly #child: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #stack: Int32Array;

  constructor(
    costs: Costs,
    supply: Float64Array,
    demand: Float64Array,
    { rowOrder, columnOrder }: TransportOptions,
  ) {
    const [rows, columns] = [costs.rows, costs.columns];
    const nodes = rows + columns;
    this.#costs = costs;
    this.#rows = rows;
    this.#parent = new Int32Array(nodes).fill(NONE);
    this.#flow = new Float64Array(nodes);
    this.#depth = new Int32Array(nodes);
    this.#potential = new Float64Array(nodes);
    this.#child = new Int32Array(nodes).fill(NONE);
    this.#next = new Int32Array(nodes).fill(NONE);
    this.#previous = new Int32Array(nodes).fill(NONE);
    this.#stack = new Int32Array(nodes);
    this.scale = largest(costs);
    // The staircase: each step exhausts a row or a column, never both, as the perturbation forbids ties.
    const rowAt = (p: number) => rowOrder ? rowOrder[p] : p;
    const columnAt = (q: number) => columnOrder ? columnOrder[q] : q;
    let have = supply[rowAt(0)];
    let want = demand[columnAt(0)];
    for (let p = 0, q = 0, fresh = rows + columnAt(0), old = rowAt(0);;) {
      this.#parent[fresh] = old;
      this.#flow[fresh] = Math.min(have, want);
      this.#adopt(fresh, old);
      if (p === rows - 1 && q === columns - 1) break;
      if (have > want) {
        have -= want;
        old = rowAt(p);
        fresh = rows + columnAt(++q);
        want = demand[columnAt(q)];
      } else {
        want -= have;
        old = rows + columnAt(q);
        fresh = rowAt(++p);
        have = supply[fresh];
      }
    }
    this.#refresh(rowAt(0));
  }

  /** The column of the least reduced cost in a row, or -1 where none is below zero. */
  price(row: number, tolerance: number): number {
    const { data } = this.#costs;
    const at = this.#costs.seek(row);
    const potential = this.#potential;
    const rows = this.#rows;
    let least = potential[row] - tolerance;
    let column = NONE;
    for (let j = 0, columns = potential.length - rows; j < columns; j++) {
      const reduced = data[at + j] - potential[rows + j];
      if (reduced < least) {
        least = reduced;
        column = j;
      }
    }
    return column;
  }

  /** Lets the arc (row, column) in. */
  pivot(row: number, column: number): void {
    const [parent, flow, depth] = [this.#parent, this.#flow, this.#depth];
    const end = this.#rows + column;
    // Walk both ends up to where they meet; every other arc on the way loses flow, the first on both sides.
    let [a, b] = [row, end];
    let least = Infinity;
    let leaving = NONE;
    let leavesRowSide = false;
    while (a !== b) {
      if (depth[a] >= depth[b]) {
        if (a < this.#rows && flow[a] < least) {
          least = flow[a];
          leaving = a;
          leavesRowSide = true;
        }
        a = parent[a];
      } else {
        if (b >= this.#rows && flow[b] < least) {
          least = flow[b];
          leaving = b;
          leavesRowSide = false;
        }
        b = parent[b];
      }
    }
    for (let k = row; k !== a; k = parent[k]) flow[k] += k < this.#rows ? -least : least;
    for (let k = end; k !== a; k = parent[k]) flow[k] += k >= this.#rows ? -least : least;
    // Turn the path from the entering arc to the leaving one upside down.
    const top = leavesRowSide ? row : end;
    let [node, above, carried] = [top, leavesRowSide ? end : row, least];
    for (;;) {
      const [oldParent, oldFlow] = [parent[node], flow[node]];
      this.#disown(node, oldParent);
      parent[node] = above;
      flow[node] = carried;
      this.#adopt(node, above);
      if (node === leaving) break;
      [above, node, carried] = [node, oldParent, oldFlow];
    }
    this.#refresh(top);
  }

  /** The plan of this tree for the weights as they were. */
  plan(supply: Float64Array, demand: Float64Array): TransportPlan {
    const rows = this.#rows;
    const nodes = this.#parent.length;
    const net = new Float64Array(nodes);
    for (let k = 0; k < nodes; k++) net[k] = k < rows ? supply[k] : -demand[k - rows];
    const order = Int32Array.from(net.keys()).sort((a, b) => this.#depth[b] - this.#depth[a]);
    const total = supply.reduce((sum, units) => sum + units, 0);
    const [row, column, mass]: number[][] = [[], [], []];
    let cost = 0;
    for (const node of order.subarray(0, nodes - 1)) {
      const above = this.#parent[node];
      net[above] += net[node];
      const units = Math.abs(net[node]);
      if (units === 0) continue;
      const [i, j] = node < rows ? [node, above - rows] : [above, node - rows];
      row.push(i);
      column.push(j);
      mass.push(units / total);
      cost += units * this.#costs.at(i, j);
    }
    return {
      row: Int32Array.from(row),
      column: Int32Array.from(column),
      mass: Float64Array.from(mass),
      rowDual: this.#potential.slice(0, rows),
      columnDual: this.#potential.slice(rows),
      cost: cost / total,
    };
  }

  #adopt(node: number, parent: number): void {
    const first = this.#child[parent];
    this.#next[node] = first;
    this.#previous[node] = NONE;
    if (first !== NONE) this.#previous[first] = node;
    this.#child[parent] = node;
  }

  #disown(node: number, parent: number): void {
    const [next, previous] = [this.#next[node], this.#previous[node]];
    if (previous === NONE) this.#child[parent] = next;
    else this.#next[previous] = next;
    if (next !== NONE) this.#previous[next] = previous;
  }

  /** Sets depth and potential in the subtree of `top` from its parent: each anew, so errors do not pile up. */
  #refresh(top: number): void {
    const [parent, depth, potential] = [this.#parent, this.#depth, this.#potential];
    const rows = this.#rows;
    const stack = this.#stack;
    let size = 0;
    stack[size++] = top;
    while (size > 0) {
      const node = stack[--size];
      const above = parent[node];
      if (above !== NONE) {
        depth[node] = depth[above] + 1;
        potential[node] =
          (node < rows ? this.#costs.at(node, above - rows) : this.#costs.at(above, node - rows)) -
          potential[above];
      }
      for (let k = this.#child[node]; k !== NONE; k = this.#next[k]) stack[size++] = k;
    }
  }
}

function largest(costs: Costs): number {
  let found = 0;
  for (let i = 0; i < costs.rows; i++) {
    const at = costs.seek(i);
    for (let j = 0; j < costs.columns; j++) found = Math.max(found, Math.abs(costs.data[at + j]));
  }
  return found;
}
