import type { Costs } from "./costs.ts";

/** An optimal assignment with the dual variables that prove it. */
export interface Assignment {
  /** For each row, its column. */
  readonly columns: Int32Array;
  /** Dual of each row: `rowDual[i] + columnDual[j] <= cost(i, j)`, equal on assigned pairs. */
  readonly rowDual: Float64Array;
  readonly columnDual: Float64Array;
  /** Sum of the assigned costs. */
  readonly cost: number;
  /** Rows read in full: the work done beyond the short lists. */
  readonly rowsRead: number;
}

export function assign(
  costs: Costs,
  start?: Float64Array,
  tune: { K?: number; passes?: number } = {},
): Assignment {
  const n = costs.rows;
  if (costs.columns !== n) {
    throw new RangeError(
      `Cannot assign rows to columns one to one: the cost matrix is [${n}, ${costs.columns}]`,
    );
  }
  const K = Math.min(n, tune.K ?? 16);
  const v = start ? Float64Array.from(start) : columnMinima(costs);
  const columnOf = new Int32Array(n).fill(-1);
  const rowOf = new Int32Array(n).fill(-1);
  const index = new Int32Array(n * K);
  const value = new Float64Array(n * K); // raw costs
  const bound = new Float64Array(n);
  const scratch = new Float64Array(K);
  let rowsRead = 0;

  function read(i: number) {
    rowsRead++;
    bound[i] = nearest(costs.row(i), v, K, index, value, scratch, i * K);
  }
  for (let i = 0; i < n; i++) read(i);

  // Greedy: tight arcs.
  let free = new Int32Array(n);
  let freeCount = 0;
  for (let i = 0; i < n; i++) {
    const j = index[i * K];
    if (rowOf[j] < 0) {
      rowOf[j] = i;
      columnOf[i] = j;
    } else free[freeCount++] = i;
  }

  // Augmenting row reduction.
  if (n > 1) {
    for (let pass = 0; pass < (tune.passes ?? 2); pass++) {
      const next = new Int32Array(n);
      let nextCount = 0;
      let budget = 10 * n;
      let k = 0;
      const todo = free;
      const count = freeCount;
      while (k < count) {
        const i = todo[k++];
        let row = i;
        for (;;) {
          let least = Infinity, second = Infinity, j1 = -1, j2 = -1;
          for (let attempt = 0;; attempt++) {
            least = Infinity;
            second = Infinity;
            for (let p = row * K, end = p + K; p < end; p++) {
              const j = index[p];
              const r = value[p] - v[j];
              if (r < second) {
                if (r < least) {
                  second = least;
                  j2 = j1;
                  least = r;
                  j1 = j;
                } else {
                  second = r;
                  j2 = j;
                }
              }
            }
            if (second <= bound[row] || attempt > 0) break;
            read(row);
          }
          let taken = rowOf[j1];
          if (least < second) v[j1] -= second - least;
          else if (taken >= 0) {
            j1 = j2;
            taken = rowOf[j1];
          }
          columnOf[row] = j1;
          rowOf[j1] = row;
          if (taken < 0) break;
          columnOf[taken] = -1;
          if (least < second && budget-- > 0) row = taken;
          else {
            next[nextCount++] = taken;
            break;
          }
        }
      }
      free = next;
      freeCount = nextCount;
    }
  }

  // Shortest augmenting paths.
  const distance = new Float64Array(n);
  const parent = new Int32Array(n);
  const seen = new Int32Array(n).fill(-1); // stamp
  const done = new Int32Array(n).fill(-1);
  const settled = new Int32Array(n);
  const heapKey = new Float64Array(64 * n + 64);
  const heapNode = new Int32Array(64 * n + 64);
  for (let f = 0; f < freeCount; f++) {
    const root = free[f];
    let size = 0;
    let settledCount = 0;
    let best = Infinity; // least tentative distance of a free column
    let row = root;
    let h = 0;
    // potential of root: min reduced cost
    let rowU = Infinity;
    for (let attempt = 0; attempt < 2; attempt++) {
      rowU = Infinity;
      for (let p = row * K, end = p + K; p < end; p++) {
        const r = value[p] - v[index[p]];
        if (r < rowU) rowU = r;
      }
      if (rowU <= bound[row]) break;
      read(row);
    }
    let end = -1;
    let full = false;
    for (;;) {
      const shift = h - rowU;
      if (full) {
        const line = costs.row(row);
        for (let j = 0; j < n; j++) {
          const d = shift + line[j] - v[j];
          if (d < best && (seen[j] !== f || d < distance[j])) {
            if (done[j] === f) continue;
            seen[j] = f;
            distance[j] = d;
            parent[j] = row;
            if (rowOf[j] < 0) best = d;
            size = push(heapKey, heapNode, size, d, j);
          }
        }
      } else {
        for (let p = row * K, stop = p + K; p < stop; p++) {
          const j = index[p];
          const d = shift + value[p] - v[j];
          if (d < best && (seen[j] !== f || d < distance[j])) {
            if (done[j] === f) continue;
            seen[j] = f;
            distance[j] = d;
            parent[j] = row;
            if (rowOf[j] < 0) best = d;
            size = push(heapKey, heapNode, size, d, j);
          }
        }
        const key = shift + bound[row];
        if (key < best) size = push(heapKey, heapNode, size, key, n + row);
      }
      // next
      let node: number;
      for (;;) {
        node = heapNode[0];
        size = pop(heapKey, heapNode, size);
        if (node >= n || done[node] !== f) break;
      }
      if (node >= n) {
        row = node - n;
        full = true;
        // distance of that row
        if (row === root) {
          h = 0;
          // rowU of the root recomputed below
          rowU = Infinity;
          for (let p = row * K, stop = p + K; p < stop; p++) {
            const r = value[p] - v[index[p]];
            if (r < rowU) rowU = r;
          }
        } else {
          const j = columnOf[row];
          h = distance[j];
          rowU = costs.at(row, j) - v[j];
        }
        read(row);
        continue;
      }
      full = false;
      if (rowOf[node] < 0) {
        end = node;
        break;
      }
      done[node] = f;
      settled[settledCount++] = node;
      row = rowOf[node];
      h = distance[node];
      rowU = costs.at(row, node) - v[node];
    }
    const total = distance[end];
    for (let s = 0; s < settledCount; s++) {
      const j = settled[s];
      v[j] += distance[j] - total;
    }
    let j = end;
    for (;;) {
      const i = parent[j];
      rowOf[j] = i;
      const previous = columnOf[i];
      columnOf[i] = j;
      if (i === root) break;
      j = previous;
    }
  }

  let cost = 0;
  const rowDual = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const c = costs.at(i, columnOf[i]);
    cost += c;
    rowDual[i] = c - v[columnOf[i]];
  }
  return { columns: columnOf, rowDual, columnDual: v, cost, rowsRead };
}

function columnMinima(costs: Costs): Float64Array {
  const minima = new Float64Array(costs.columns).fill(Infinity);
  for (let i = 0; i < costs.rows; i++) {
    const row = costs.row(i);
    for (let j = 0; j < row.length; j++) if (row[j] < minima[j]) minima[j] = row[j];
  }
  return minima;
}

/** The K columns of least reduced cost, sorted; returns the bound. */
function nearest(
  line: Float64Array,
  v: Float64Array,
  K: number,
  index: Int32Array,
  value: Float64Array,
  reduced: Float64Array,
  offset: number,
): number {
  let count = 0;
  let worst = Infinity;
  const n = line.length;
  for (let j = 0; j < n; j++) {
    const r = line[j] - v[j];
    if (r < worst) {
      let p: number;
      if (count < K) p = count++;
      else {
        p = K - 1;
      }
      while (p > 0 && reduced[p - 1] > r) {
        reduced[p] = reduced[p - 1];
        index[offset + p] = index[offset + p - 1];
        p--;
      }
      reduced[p] = r;
      index[offset + p] = j;
      if (count === K) worst = reduced[K - 1];
    }
  }
  for (let p = 0; p < K; p++) value[offset + p] = line[index[offset + p]];
  return K === n ? Infinity : worst;
}

function push(
  key: Float64Array,
  node: Int32Array,
  size: number,
  k: number,
  x: number,
): number {
  let p = size;
  while (p > 0) {
    const q = (p - 1) >> 1;
    if (key[q] <= k) break;
    key[p] = key[q];
    node[p] = node[q];
    p = q;
  }
  key[p] = k;
  node[p] = x;
  return size + 1;
}

function pop(key: Float64Array, node: Int32Array, size: number): number {
  size--;
  const k = key[size], x = node[size];
  let p = 0;
  for (;;) {
    let c = 2 * p + 1;
    if (c >= size) break;
    if (c + 1 < size && key[c + 1] < key[c]) c++;
    if (key[c] >= k) break;
    key[p] = key[c];
    node[p] = node[c];
    p = c;
  }
  key[p] = k;
  node[p] = x;
  return size;
}
