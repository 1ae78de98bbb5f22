import { bitsAt, type DrawAddress, fillBits } from "../../graph/threefry.ts";

/**
 * Draws `count` independent integers, uniform on 0 ... `below` - 1, without bias.
 *
 * A word of 32 bits beyond the last whole multiple of `below` is thrown away and replaced by the word
 * of the same index on the stream `name#1`, then `name#2`, ..., so that every integer stays a pure
 * function of its own address.
 *
 * @throws {RangeError} If `below` is not an integer from 1 to 2^32.
 *
 * @example Eight throws of a die
 * ```ts
 * import assert from "node:assert/strict";
 * const dice = integers({ below: 6, count: 8 }, { seed: 0, stream: "dice", step: 0 });
 * assert.ok(dice.every((face) => face >= 0 && face < 6));
 * ```
 */
export function integers(
  { below, count }: { readonly below: number; readonly count: number },
  at: DrawAddress,
): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(count);
  fillBits(out, at);
  for (let i = 0; i < count; i++) out[i] = integerOf(out[i], below, at, i);
  return out;
}

/** The integer below `below` at index `i`, where `word` is the word of that index. */
export function integerOf(word: number, below: number, at: DrawAddress, i: number): number {
  if (!Number.isInteger(below) || below < 1 || below > WORDS) {
    throw new RangeError(`Cannot draw an integer below ${below} as it must be from 1 to 2^32`);
  }
  const limit = WORDS - WORDS % below;
  for (let attempt = 1; word >= limit; attempt++) {
    word = bitsAt({ ...at, stream: `${at.stream}#${attempt}` }, i);
  }
  return word % below;
}

const WORDS = 2 ** 32;
