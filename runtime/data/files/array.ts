import { InputError } from "../../../dsl/error.ts";
import type { ArraySpec } from "../../../dsl/spec.ts";
import type { NumericArray } from "./npy.ts";

/**
 * The array that a spec holds itself, little-endian float32 in base64.
 *
 * @throws {InputError} If the text is not base64 or the shape does not fit it.
 */
export function decodeArray({ shape, data }: ArraySpec): NumericArray {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.fromBase64(data);
  } catch (cause) {
    throw new InputError("Cannot read the array's data: it is not base64", {
      field: "data",
      cause,
    });
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== 4 * count) {
    throw new InputError(
      `Cannot read the array's data: [${shape}] float32 values take ${4 * count} bytes, ` +
        `and ${bytes.length} are there`,
      { field: "data" },
    );
  }
  const view = new DataView(bytes.buffer);
  return {
    shape,
    values: Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true)),
  };
}
