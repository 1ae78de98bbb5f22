/**
 * Random numbers as a pure function of where they are used: Threefry-2x32 with 20 rounds.
 *
 * A draw has an address (seed, stream name, step, index) and no other state, so a resumed, sharded or
 * reordered run sees the same numbers. The address is laid out as
 *
 * ```text
 * key[0]     = low 32 bits of seed
 * key[1]     = FNV-1a(UTF-8 bytes of the stream name) xor (high bits of seed * 0x9e3779b9 mod 2^32)
 * counter[0] = floor(index / 2)
 * counter[1] = step
 * word       = block(key, counter)[index mod 2]
 * ```
 *
 * with seed < 2^53, step < 2^32, index < 2^32. The bits, the uniform and the normal of one address are
 * made from one and the same word: give each use its own stream name.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 *
 * @module
 */

import { centralNormalOf, isCentral, normalOf, tailNormalOf } from "./normal_quantile.ts";

/** Where a block of draws lies: every draw is a pure function of this and its index. */
export interface DrawAddress {
  /** Integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Name of the stream; streams of different names are independent. */
  readonly stream: string;
  /** Integer from 0 to 2^32 - 1, such as a training step. */
  readonly step: number;
}

/** A bulk draw: fills an array with the draws `offset`, `offset + 1`, ... of an address. */
export interface FillOptions extends DrawAddress {
  /** Index of the first draw; 0 when left out. */
  readonly offset?: number;
}

/**
 * The Threefry-2x32-20 block function on unsigned 32-bit words.
 *
 * @returns The two words of the block, unsigned.
 *
 * @example The first published test vector
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(threefry2x32([0, 0], [0, 0]), [0x6b200159, 0x99ba4efe]);
 * ```
 */
export function threefry2x32(
  key: readonly [number, number],
  counter: readonly [number, number],
): [number, number] {
  fillBlocks(1, key[0], key[1], counter[0], counter[1]);
  return [scratch[0], scratch[1]];
}

/**
 * The key of a stream, as unsigned words.
 *
 * @throws {RangeError} If `seed` is not an integer from 0 to 2^53 - 1.
 */
export function streamKey(seed: number, stream: string): [number, number] {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`Cannot draw as a seed is an integer from 0 to 2^53 - 1: found ${seed}`);
  }
  const high = Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b9);
  return [seed % 2 ** 32, (fnv1a(stream) ^ high) >>> 0];
}

/** 32-bit FNV-1a of the UTF-8 bytes of a text. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** One word of 32 random bits, unsigned. */
export function bitsAt(address: DrawAddress, index: number): number {
  const word = new Uint32Array(1);
  fillBits(word, { ...address, offset: index });
  return word[0];
}

/** One uniform number in the open interval (0, 1), exact in float32. */
export function uniformAt(address: DrawAddress, index: number): number {
  return uniformOf(bitsAt(address, index));
}

/** One standard normal number, rounded to float32. */
export function normalAt(address: DrawAddress, index: number): number {
  return Math.fround(normalOf(bitsAt(address, index)));
}

/**
 * Fills `out` with words of 32 random bits.
 *
 * @throws {RangeError} If seed, step or an index lies outside its range.
 */
export function fillBits(out: Uint32Array, options: FillOptions): void {
  fill(options, out.length, (from, to, shift) => {
    for (let i = from; i < to; i++) out[i] = scratch[i - shift];
  });
}

/**
 * Fills `out` with uniform numbers in the open interval (0, 1); the same bits as {@linkcode uniformAt}.
 *
 * @throws {RangeError} If seed, step or an index lies outside its range.
 *
 * @example A batch cut in two is the same batch
 * ```ts
 * import assert from "node:assert/strict";
 * const address = { seed: 7, stream: "noise", step: 3 };
 * const [whole, part] = [new Float32Array(10), new Float32Array(5)];
 * fillUniform(whole, address);
 * fillUniform(part, { ...address, offset: 5 });
 * assert.deepEqual(part, whole.slice(5));
 * ```
 */
export function fillUniform(out: Float32Array, options: FillOptions): void {
  fill(options, out.length, (from, to, shift) => {
    for (let i = from; i < to; i++) out[i] = uniformOf(scratch[i - shift]);
  });
}

/**
 * Fills `out` with standard normal numbers; the same bits as {@linkcode normalAt}.
 *
 * @throws {RangeError} If seed, step or an index lies outside its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const out = new Float32Array(3);
 * fillNormal(out, { seed: 0, stream: "noise", step: 0 });
 * assert.equal(out[2], normalAt({ seed: 0, stream: "noise", step: 0 }, 2));
 * ```
 */
export function fillNormal(out: Float32Array, options: FillOptions): void {
  fill(options, out.length, (from, to, shift) => {
    // The formula of the centre for all, then the tails again: twice as fast as a branch nobody can foresee.
    let count = 0;
    for (let i = from; i < to; i++) {
      const word = scratch[i - shift];
      out[i] = centralNormalOf(word);
      tails[count] = i;
      count += isCentral(word) ? 0 : 1;
    }
    for (let k = 0; k < count; k++) out[tails[k]] = tailNormalOf(scratch[tails[k] - shift]);
  });
}

/**
 * The uniform number that a word stands for: (k + 1/2) / 2^23 with k the top 23 bits, the finest grid
 * that is exact in float32 and symmetric inside the open interval (0, 1).
 */
export function uniformOf(word: number): number {
  return ((word >>> 9) + 0.5) / 0x800000;
}

const BLOCKS = 2048; // blocks made at a time: their words stay in the first-level cache
const scratch = new Uint32Array(2 * BLOCKS);
const tails = new Uint32Array(2 * BLOCKS);

/** Makes draws chunk by chunk; `take(from, to, shift)` finds the word of draw i in scratch[i - shift]. */
function fill(
  { seed, stream, step, offset = 0 }: FillOptions,
  count: number,
  take: (from: number, to: number, shift: number) => void,
): void {
  const [key0, key1] = streamKey(seed, stream);
  if (!Number.isInteger(step) || step < 0 || step >= 2 ** 32) {
    throw new RangeError(`Cannot draw as a step is an integer from 0 to 2^32 - 1: found ${step}`);
  }
  if (!Number.isInteger(offset) || offset < 0 || offset + count > 2 ** 32) {
    throw new RangeError(
      `Cannot draw as an index is an integer from 0 to 2^32 - 1: found ${offset} to ${
        offset + count - 1
      }`,
    );
  }
  let block = Math.floor(offset / 2);
  let shift = -(offset % 2);
  for (let from = 0; from < count;) {
    const blocks = Math.min(BLOCKS, Math.ceil((count - shift) / 2));
    fillBlocks(blocks, key0, key1, block, step);
    const to = Math.min(count, shift + 2 * blocks);
    take(from, to, shift);
    from = to;
    shift += 2 * blocks;
    block += blocks;
  }
}

/** Writes the blocks of consecutive first counter words to `scratch`. Unrolled: speed is the point. */
function fillBlocks(
  count: number,
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): void {
  key0 |= 0;
  key1 |= 0;
  const key2 = 0x1bd11bda ^ key0 ^ key1; // the parity constant of Skein's key schedule
  for (let i = 0; i < count; i++) {
    let a = (counter0 + i + key0) | 0;
    let b = (counter1 + key1) | 0;
    a = (a + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0;
    b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0;
    b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0;
    b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + key1) | 0;
    b = (b + key2 + 1) | 0;
    a = (a + b) | 0;
    b = ((b << 17) | (b >>> 15)) ^ a;
    a = (a + b) | 0;
    b = ((b << 29) | (b >>> 3)) ^ a;
    a = (a + b) | 0;
    b = ((b << 16) | (b >>> 16)) ^ a;
    a = (a + b) | 0;
    b = ((b << 24) | (b >>> 8)) ^ a;
    a = (a + key2) | 0;
    b = (b + key0 + 2) | 0;
    a = (a + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0;
    b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0;
    b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0;
    b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + key0) | 0;
    b = (b + key1 + 3) | 0;
    a = (a + b) | 0;
    b = ((b << 17) | (b >>> 15)) ^ a;
    a = (a + b) | 0;
    b = ((b << 29) | (b >>> 3)) ^ a;
    a = (a + b) | 0;
    b = ((b << 16) | (b >>> 16)) ^ a;
    a = (a + b) | 0;
    b = ((b << 24) | (b >>> 8)) ^ a;
    a = (a + key1) | 0;
    b = (b + key2 + 4) | 0;
    a = (a + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0;
    b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0;
    b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0;
    b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + key2) | 0;
    b = (b + key0 + 5) | 0;
    scratch[2 * i] = a;
    scratch[2 * i + 1] = b;
  }
}
