import { type DrawAddress, fillNormal, fillUniform } from "../../graph/threefry.ts";

/** A named stream of random numbers: a place to draw from, with no state of its own. */
export interface Stream {
  /** Integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Name of the stream; streams of different names are independent. */
  readonly name: string;
  /** The address of a step's draws. */
  at(step: number): DrawAddress;
  /** The stream `name/part`, independent of this one. */
  child(part: string): Stream;
  /** The first `count` uniform numbers of a step, in the open interval (0, 1). */
  uniform(count: number, step: number): Float32Array<ArrayBuffer>;
  /** The first `count` standard normal numbers of a step. */
  normal(count: number, step: number): Float32Array<ArrayBuffer>;
}

/**
 * Names a stream of random numbers.
 *
 * @throws {RangeError} When drawing, if the seed or the step is not an integer in its range.
 *
 * @example The same address holds the same numbers
 * ```ts
 * import assert from "node:assert/strict";
 * const noise = stream(0, "noise");
 * assert.deepEqual(noise.normal(3, 7), stream(0, "noise").normal(5, 7).slice(0, 3));
 * assert.notDeepEqual(noise.normal(3, 7), noise.normal(3, 8));
 * assert.equal(noise.child("a").name, "noise/a");
 * ```
 */
export function stream(seed: number, name: string): Stream {
  const at = (step: number): DrawAddress => ({ seed, stream: name, step });
  return {
    seed,
    name,
    at,
    child: (part) => stream(seed, `${name}/${part}`),
    uniform: (count, step) => {
      const out = new Float32Array(count);
      fillUniform(out, at(step));
      return out;
    },
    normal: (count, step) => {
      const out = new Float32Array(count);
      fillNormal(out, at(step));
      return out;
    },
  };
}
