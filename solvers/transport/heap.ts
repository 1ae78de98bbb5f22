/** A binary heap of (key, node) pairs, least key first. Fields are open: hot loops look at the top. */
export class Heap {
  size = 0;
  key: Float64Array;
  node: Int32Array;

  constructor(capacity: number) {
    this.key = new Float64Array(capacity);
    this.node = new Int32Array(capacity);
  }

  clear(): void {
    this.size = 0;
  }

  push(k: number, x: number): void {
    if (this.size === this.key.length) this.#grow();
    const { key, node } = this;
    let p = this.size++;
    while (p > 0) {
      const q = (p - 1) >> 1;
      if (key[q] <= k) break;
      key[p] = key[q];
      node[p] = node[q];
      p = q;
    }
    key[p] = k;
    node[p] = x;
  }

  /** Drops the pair with the least key. */
  pop(): void {
    const { key, node } = this;
    const size = --this.size;
    const k = key[size];
    const x = node[size];
    let p = 0;
    for (let q = 1; q < size; q = 2 * p + 1) {
      if (q + 1 < size && key[q + 1] < key[q]) q++;
      if (key[q] >= k) break;
      key[p] = key[q];
      node[p] = node[q];
      p = q;
    }
    key[p] = k;
    node[p] = x;
  }

  #grow(): void {
    const key = new Float64Array(2 * this.key.length + 1);
    key.set(this.key);
    this.key = key;
    const node = new Int32Array(key.length);
    node.set(this.node);
    this.node = node;
  }
}
