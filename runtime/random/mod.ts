/**
 * Random numbers as pure functions of (seed, stream name, step, index).
 *
 * @example A minibatch of rows, the same on every machine and after every restart
 * ```ts
 * import assert from "node:assert/strict";
 * const rows = batchIndices({ batchSize: 2, rows: 10 }, { seed: 0, stream: "train", step: 41 });
 * assert.equal(rows.length, 2);
 * ```
 *
 * @module
 */

export {
  bitsAt,
  type DrawAddress,
  fillBits,
  fillNormal,
  type FillOptions,
  fillUniform,
  normalAt,
  uniformAt,
} from "../../graph/threefry.ts";
export { batchIndices } from "./batch_indices.ts";
export { categorical } from "./categorical.ts";
export { integers } from "./integers.ts";
export { choice, permutation } from "./permutation.ts";
export { type Stream, stream } from "./stream.ts";
