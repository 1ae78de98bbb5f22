/**
 * Hoare's selection: reorders keys and what goes with them so that no key before `middle` exceeds one from
 * `middle` on. Linear time on average.
 */
export function partition(
  key: Float64Array,
  item: Int32Array,
  { from, to, middle }: { from: number; to: number; middle: number },
): void {
  while (from < to) {
    const pivot = key[(from + to) >> 1];
    let i = from;
    let j = to;
    while (i <= j) {
      while (key[i] < pivot) i++;
      while (key[j] > pivot) j--;
      if (i <= j) {
        const k = key[i];
        key[i] = key[j];
        key[j] = k;
        const o = item[i];
        item[i++] = item[j];
        item[j--] = o;
      }
    }
    if (middle <= j) to = j;
    else if (middle >= i) from = i;
    else return;
  }
}
