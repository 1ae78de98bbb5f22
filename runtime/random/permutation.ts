import { type DrawAddress, fillBits } from "../../graph/threefry.ts";
import { integerOf } from "./integers.ts";

/**
 * A permutation of 0 ... n - 1, every one equally likely.
 *
 * Source: Fisher and Yates, "Statistical tables", 1938; Durstenfeld, CACM 7(7):420, 1964.
 *
 * @throws {RangeError} If `n` is not an integer from 0 to 2^32 - 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const order = permutation(5, { seed: 0, stream: "rows", step: 0 });
 * assert.deepEqual([...order].sort(), [0, 1, 2, 3, 4]);
 * ```
 */
export function permutation(n: number, at: DrawAddress): Uint32Array<ArrayBuffer> {
  return choice(n, n, at);
}

/**
 * Chooses `k` of the integers 0 ... n - 1 without replacement, in random order: the first `k` entries
 * of {@linkcode permutation}. Work and memory grow with `k` alone while `k` is small beside `n`.
 *
 * @throws {RangeError} If `n` is not an integer from 0 to 2^32 - 1, or `k` not one from 0 to `n`.
 *
 * @example Three of a billion
 * ```ts
 * import assert from "node:assert/strict";
 * const chosen = choice(1e9, 3, { seed: 0, stream: "rows", step: 0 });
 * assert.equal(new Set(chosen).size, 3);
 * ```
 */
export function choice(n: number, k: number, at: DrawAddress): Uint32Array<ArrayBuffer> {
  if (!Number.isInteger(n) || n < 0 || n >= 2 ** 32) {
    throw new RangeError(`Cannot permute ${n} entries as a count is an integer below 2^32`);
  }
  if (!Number.isInteger(k) || k < 0 || k > n) {
    throw new RangeError(`Cannot choose ${k} of ${n} without replacement`);
  }
  const words = new Uint32Array(k);
  fillBits(words, at);
  return k * 16 < n ? chooseSparse(n, words, at) : chooseDense(n, words, at);
}

/** Swaps in a full array of n entries. */
function chooseDense(n: number, words: Uint32Array, at: DrawAddress): Uint32Array<ArrayBuffer> {
  const entries = new Uint32Array(n);
  for (let i = 0; i < n; i++) entries[i] = i;
  for (let i = 0; i < words.length; i++) {
    const j = i + integerOf(words[i], n - i, at, i);
    const taken = entries[j];
    entries[j] = entries[i];
    entries[i] = taken;
  }
  return words.length === n ? entries : entries.slice(0, words.length);
}

/** The same swaps, remembering only the entries that moved. */
function chooseSparse(n: number, words: Uint32Array, at: DrawAddress): Uint32Array<ArrayBuffer> {
  const moved = new Map<number, number>();
  const out = new Uint32Array(words.length);
  for (let i = 0; i < words.length; i++) {
    const j = i + integerOf(words[i], n - i, at, i);
    out[i] = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
  }
  return out;
}
