import type { Costs } from "./costs.ts";
import { partition } from "./partition.ts";

/** Most entries of a list. */
const CAPACITY = 48;
/** Entries of a list that is made by selection, where the quick cut lets too many through. */
const SELECTED = 24;

/**
 * For each row its cheapest columns by reduced cost, cost(i, j) - v_j, and a lower bound for all the others.
 *
 * Column duals only ever fall while an assignment is sought, so reduced costs only rise and a bound stays true
 * for as long as its list is kept.
 */
export class ShortLists {
  /** Row i holds the entries [i capacity, i capacity + length[i]) of `column` and `cost`. */
  readonly capacity: number = CAPACITY;
  readonly length: Int32Array;
  readonly column: Int32Array;
  readonly cost: Float64Array;
  /** No column outside the list of row i had a smaller reduced cost when the list was made. */
  readonly bound: Float64Array;
  /** The cheapest column of row i when its list was made. */
  readonly least: Int32Array;
  readonly #reduced: Float64Array;
  readonly #key: Float64Array;
  readonly #order: Int32Array;

  constructor(readonly costs: Costs, readonly v: Float64Array) {
    const { rows, columns } = costs;
    this.length = new Int32Array(rows);
    this.column = new Int32Array(rows * CAPACITY);
    this.cost = new Float64Array(rows * CAPACITY);
    this.bound = new Float64Array(rows);
    this.least = new Int32Array(rows);
    this.#reduced = new Float64Array(columns);
    this.#key = new Float64Array(columns);
    this.#order = new Int32Array(columns);
    for (let i = 0; i < rows; i++) this.read(i);
  }

  /** Makes the list of row `i` anew under the present duals. Returns where the row starts in `costs.data`. */
  read(i: number): number {
    const { costs, v } = this;
    const at = costs.seek(i);
    const data = costs.data;
    const reduced = this.#reduced;
    const columns = v.length;
    // The largest of the least entries of eight interleaved groups: at least eight entries lie below.
    let m0 = Infinity;
    let m1 = Infinity;
    let m2 = Infinity;
    let m3 = Infinity;
    let m4 = Infinity;
    let m5 = Infinity;
    let m6 = Infinity;
    let m7 = Infinity;
    let j = 0;
    for (; j + 8 <= columns; j += 8) {
      const c = at + j;
      const r0 = reduced[j] = data[c] - v[j];
      const r1 = reduced[j + 1] = data[c + 1] - v[j + 1];
      const r2 = reduced[j + 2] = data[c + 2] - v[j + 2];
      const r3 = reduced[j + 3] = data[c + 3] - v[j + 3];
      const r4 = reduced[j + 4] = data[c + 4] - v[j + 4];
      const r5 = reduced[j + 5] = data[c + 5] - v[j + 5];
      const r6 = reduced[j + 6] = data[c + 6] - v[j + 6];
      const r7 = reduced[j + 7] = data[c + 7] - v[j + 7];
      if (r0 < m0) m0 = r0;
      if (r1 < m1) m1 = r1;
      if (r2 < m2) m2 = r2;
      if (r3 < m3) m3 = r3;
      if (r4 < m4) m4 = r4;
      if (r5 < m5) m5 = r5;
      if (r6 < m6) m6 = r6;
      if (r7 < m7) m7 = r7;
    }
    for (; j < columns; j++) reduced[j] = data[at + j] - v[j];
    const cut = Math.max(m0, m1, m2, m3, m4, m5, m6, m7);
    if (!this.#takeUpTo(cut, i, at)) this.#select(i, at);
    return at;
  }

  /** Makes the list of row `i` of all entries up to `cut`, unless they are too many. */
  #takeUpTo(cut: number, i: number, at: number): boolean {
    const { column, cost } = this;
    const reduced = this.#reduced;
    const data = this.costs.data;
    const start = i * CAPACITY;
    let count = 0;
    let bound = Infinity;
    let least = Infinity;
    let place = 0;
    for (let j = 0; j < reduced.length; j++) {
      const r = reduced[j];
      if (r > cut) {
        if (r < bound) bound = r;
        continue;
      }
      if (count === CAPACITY) return false;
      if (r < least) {
        least = r;
        place = j;
      }
      column[start + count] = j;
      cost[start + count++] = data[at + j];
    }
    this.length[i] = count;
    this.bound[i] = bound;
    this.least[i] = place;
    return true;
  }

  /** Makes the list of row `i` of its SELECTED cheapest entries. */
  #select(i: number, at: number): void {
    const { column, cost } = this;
    const key = this.#key;
    const order = this.#order;
    const last = key.length - 1;
    key.set(this.#reduced);
    for (let j = 0; j <= last; j++) order[j] = j;
    partition(key, order, { from: 0, to: last, middle: SELECTED });
    let bound = Infinity;
    for (let p = SELECTED; p <= last; p++) if (key[p] < bound) bound = key[p];
    let cheapest = 0;
    for (let p = 0; p < SELECTED; p++) {
      column[i * CAPACITY + p] = order[p];
      cost[i * CAPACITY + p] = this.costs.data[at + order[p]];
      if (key[p] < key[cheapest]) cheapest = p;
    }
    this.length[i] = SELECTED;
    this.bound[i] = bound;
    this.least[i] = order[cheapest];
  }

  /** The least reduced cost of row `i` under the present duals. */
  ensureLeast(i: number): number {
    for (;;) {
      let least = Infinity;
      const from = i * CAPACITY;
      for (let p = from; p < from + this.length[i]; p++) {
        const r = this.cost[p] - this.v[this.column[p]];
        if (r < least) least = r;
      }
      if (least <= this.bound[i]) return least;
      this.read(i);
    }
  }
}
