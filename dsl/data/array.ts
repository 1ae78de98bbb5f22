import { build } from "../build.ts";
import { InputError } from "../error.ts";
import * as schema from "../schema/data_sets.ts";
import type { ArraySpec } from "../spec/data.ts";
import { type DataSetOptions, type FractionsSplitOptions, splitSpec } from "./options.ts";
import type { Data } from "./source.ts";

/** Rows in memory: nested lists, or numbers in row-major order with their shape. */
export type Rows =
  | readonly (readonly number[])[]
  | { readonly data: ArrayLike<number>; readonly shape: readonly number[] };

/** Settings of {@link array}. */
export interface ArrayOptions<D extends number = number> extends DataSetOptions<D> {
  /** How rows are divided. Default: every row serves for everything. */
  readonly split?: FractionsSplitOptions | null;
}

/**
 * Rows held in the spec itself, as float32; axes after the first are flattened.
 *
 * @param rows Nested lists of equal length, or `{ data, shape }` such as a `Tensor`.
 * @throws {InputError} If rows differ in length, the shape does not fit or a number is not finite.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data } from "../mod.ts";
 * const corners = data.array([[0, 0], [0, 1], [1, 0], [1, 1]], { dim: 2 });
 * assert.deepEqual(corners.shape, [4, 2]);
 * ```
 */
export function array<const D extends number = number>(
  rows: Rows,
  options: ArrayOptions<D> = {},
): Data<ArraySpec, NoInfer<D>> {
  const { data, shape } = "shape" in rows ? rows : flatten(rows);
  return build("data.array", schema.array, {
    kind: "array",
    ...options,
    shape,
    data: encode(data),
    split: splitSpec(options.split),
  });
}

function flatten(rows: readonly (readonly number[])[]): { data: number[]; shape: number[] } {
  const width = rows[0]?.length ?? 0;
  const ragged = rows.findIndex((row) => row.length !== width);
  if (ragged >= 0) {
    throw new InputError(
      `data.array: rows must be equally long: row 0 has ${width} and row ${ragged} has ${
        rows[ragged].length
      } numbers`,
      { field: "data" },
    );
  }
  return { data: rows.flat(), shape: [rows.length, width] };
}

/** Little-endian float32 bytes in base64. */
function encode(data: ArrayLike<number>): string {
  const bytes = new Uint8Array(4 * data.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) view.setFloat32(4 * i, data[i], true);
  return bytes.toBase64();
}
