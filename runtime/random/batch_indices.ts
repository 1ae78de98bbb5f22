import type { DrawAddress } from "../../graph/threefry.ts";
import { permutation } from "./permutation.ts";

/**
 * The rows of the minibatch of a step: a pure function of the address.
 *
 * An epoch is a fresh permutation of the rows, cut into floor(rows / batchSize) batches, so that no
 * row comes twice in an epoch; the rows left over rest until the next. Each epoch costs O(rows) once,
 * as the latest permutations are remembered.
 *
 * @throws {RangeError} If `batchSize` is not an integer from 1 to `rows`.
 *
 * @example Two batches of four make an epoch of nine rows
 * ```ts
 * import assert from "node:assert/strict";
 * const at = { seed: 0, stream: "train" };
 * const first = batchIndices({ batchSize: 4, rows: 9 }, { ...at, step: 0 });
 * const second = batchIndices({ batchSize: 4, rows: 9 }, { ...at, step: 1 });
 * assert.equal(new Set([...first, ...second]).size, 8);
 * ```
 */
export function batchIndices(
  { batchSize, rows }: { readonly batchSize: number; readonly rows: number },
  { seed, stream, step }: DrawAddress,
): Uint32Array<ArrayBuffer> {
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > rows) {
    throw new RangeError(
      `Cannot cut batches of ${batchSize} from ${rows} rows as a batch holds 1 to ${rows} of them`,
    );
  }
  const perEpoch = Math.floor(rows / batchSize);
  const order = remembered(rows, { seed, stream, step: Math.floor(step / perEpoch) });
  const start = (step % perEpoch) * batchSize;
  return order.slice(start, start + batchSize);
}

const REMEMBERED = 8; // streams that are drawn from in turn
const latest = new Map<string, Uint32Array<ArrayBuffer>>();

function remembered(n: number, at: DrawAddress): Uint32Array<ArrayBuffer> {
  const key = `${n}:${at.seed}:${at.step}:${at.stream}`;
  const order = latest.get(key) ?? permutation(n, at);
  latest.delete(key); // the Map's order is the order of use
  latest.set(key, order);
  if (latest.size > REMEMBERED) latest.delete(latest.keys().next().value!);
  return order;
}
