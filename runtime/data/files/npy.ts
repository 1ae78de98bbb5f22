/**
 * NumPy's `.npy` format: magic, version, a header that is a Python dictionary, then raw elements.
 *
 * Source: NumPy Enhancement Proposal 1; versions 1.0, 2.0 and 3.0 differ in the header's size and encoding.
 *
 * @module
 */

import { InputError } from "../../../dsl/error.ts";
import type { Tensor } from "../../../graph/types.ts";
import { fileOperation, writeAtomically } from "../../files.ts";

/** An array of numbers as a file holds it, in row-major order. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly values: Float64Array | Float32Array;
}

type Reader = (view: DataView, at: number, little: boolean) => number;

/** How to read one element of each type; 64-bit integers are rounded to the nearest double. */
const ELEMENTS: Readonly<Record<string, { readonly size: number; readonly read: Reader }>> = {
  b1: { size: 1, read: (view, at) => view.getUint8(at) },
  i1: { size: 1, read: (view, at) => view.getInt8(at) },
  u1: { size: 1, read: (view, at) => view.getUint8(at) },
  i2: { size: 2, read: (view, at, little) => view.getInt16(at, little) },
  u2: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  i4: { size: 4, read: (view, at, little) => view.getInt32(at, little) },
  u4: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  i8: { size: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  u8: { size: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  f2: { size: 2, read: (view, at, little) => view.getFloat16(at, little) },
  f4: { size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { size: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

const MAGIC = "\x93NUMPY";

/**
 * Reads the bytes of an `.npy` file; Fortran order is turned into row-major order.
 *
 * @param label What messages call the file.
 * @throws {InputError} If the bytes are not such a file, are cut short, or hold something other than
 * booleans, integers or real numbers.
 */
export function parseNpy(bytes: Uint8Array, label: string): NumericArray {
  const trouble = (found: string) =>
    new InputError(`Cannot read ${label} as an .npy file: ${found}`, { field: "path" });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (String.fromCharCode(...bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw trouble("it does not begin with the bytes \\x93NUMPY");
  }
  const version = bytes[6];
  if (!(version >= 1 && version <= 3)) {
    throw trouble(`its format version is ${version}, and 1 to 3 are known`);
  }
  const start = version === 1 ? 10 : 12;
  const headerSize = bytes.length < start
    ? Infinity
    : version === 1
    ? view.getUint16(8, true)
    : view.getUint32(8, true);
  const body = start + headerSize;
  if (body > bytes.length) throw trouble("it ends within its header");
  const header = new TextDecoder(version === 3 ? "utf-8" : "latin1")
    .decode(bytes.slice(start, body));
  const { type, fortran, shape } = parseHeader(header, trouble);
  const element = ELEMENTS[type.slice(1)];
  if (element === undefined) {
    throw trouble(
      `its elements have the type '${type}', and booleans, integers and real numbers are accepted ` +
        `(${Object.keys(ELEMENTS).join(", ")})`,
    );
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - body < count * element.size) {
    throw trouble(
      `it is truncated: [${shape}] elements of type '${type}' take ${
        count * element.size
      } bytes, ` +
        `and ${bytes.length - body} are there`,
    );
  }
  const { size, read } = element;
  const little = type[0] !== ">";
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, body + i * size, little);
  return { shape, values: fortran ? rowMajor(values, shape) : values };
}

function parseHeader(
  header: string,
  trouble: (found: string) => InputError,
): { type: string; fortran: boolean; shape: number[] } {
  const type = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (type === undefined && /'descr'\s*:\s*\[/.test(header)) {
    throw trouble("its elements are records, and plain numbers are accepted: save one field of it");
  }
  if (type === undefined || fortran === undefined || shape === undefined) {
    throw trouble(`its header is not understood: ${header.trim().slice(0, 80)}`);
  }
  const sizes = shape.split(",").map((size) => size.trim()).filter((size) => size !== "");
  return { type, fortran: fortran === "True", shape: sizes.map(Number) };
}

/** Column-major order to row-major order. */
function rowMajor(values: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(values.length);
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  for (let i = 0, from = 0; i < out.length; i++) {
    out[i] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) { // count up, the last axis fastest
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

/**
 * The bytes of a tensor as an `.npy` file: version 1.0, little-endian float32, row-major.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const bytes = encodeNpy({ data: Float32Array.of(1, 2, 3), shape: [3] });
 * assert.deepEqual([...parseNpy(bytes, "it").values], [1, 2, 3]);
 * ```
 */
export function encodeNpy({ data, shape }: Tensor): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  const body = Math.ceil((10 + dictionary.length + 1) / 64) * 64; // elements are aligned to 64 bytes
  const bytes = new Uint8Array(body + 4 * data.length);
  const view = new DataView(bytes.buffer);
  const header = `${MAGIC}\x01\x00\x00\x00${dictionary.padEnd(body - 11)}\n`;
  for (let i = 0; i < body; i++) bytes[i] = header.charCodeAt(i);
  view.setUint16(8, body - 10, true);
  for (let i = 0; i < data.length; i++) view.setFloat32(body + 4 * i, data[i], true);
  return bytes;
}

/**
 * Writes a tensor to an `.npy` file that `numpy.load` reads.
 *
 * @throws {InputError} If the file cannot be written.
 */
export async function writeNpy(path: string, tensor: Tensor): Promise<void> {
  await writeAtomically(path, encodeNpy(tensor));
}

/**
 * Reads a float32 `.npy` file, such as {@linkcode writeNpy} wrote.
 *
 * @throws {InputError} If there is no such file, or it is something else.
 */
export async function readNpy(path: string): Promise<Tensor> {
  const bytes = await fileOperation("read", path, () => Deno.readFile(path));
  const { shape, values } = parseNpy(bytes, `'${path}'`);
  return { data: Float32Array.from(values), shape: [...shape] };
}
