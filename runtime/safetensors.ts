import { InputError } from "../dsl/error.ts";

/** Named tensors: what a checkpoint or a file of weights holds. */
export type NamedTensors = ReadonlyMap<string, { data: Float32Array; shape: number[] }>;

/**
 * Named float32 tensors in the safetensors format, with string metadata.
 *
 * The registry has no kept package that writes the format, and the format is a length, a JSON header and the
 * bytes. Source: safetensors format, version 0.3: 8 bytes of header length (little-endian), the header
 * padded with spaces to a multiple of 8, the data in header order.
 */
export function encodeSafetensors(
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let length = 0;
  for (const [name, { data, shape }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [length, length + data.byteLength] };
    length += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + length).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let offset = start;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Reads what {@link encodeSafetensors} wrote, and any safetensors file whose tensors are float32.
 *
 * @throws {InputError} If the bytes are not such a file; the message names `file`.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  file: string,
): { tensors: NamedTensors; metadata: Record<string, string> } {
  const fail = (found: string): never => {
    throw new InputError(`Cannot read '${file}' as safetensors: ${found}`);
  };
  if (bytes.length < 8) fail(`it has ${bytes.length} bytes, and the header's length alone takes 8`);
  const length = Number(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true),
  );
  if (8 + length > bytes.length) fail(`its header ends at byte ${8 + length} of ${bytes.length}`);
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch {
    return fail("its header is not JSON");
  }
  const tensors = new Map<string, { data: Float32Array; shape: number[] }>();
  const start = 8 + length;
  let end = start;
  for (const [name, entry] of Object.entries(header ?? {})) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as {
      dtype?: string;
      shape?: number[];
      data_offsets?: [number, number];
    };
    if (dtype !== "F32") fail(`tensor '${name}' has dtype ${dtype}, and only F32 is read`);
    if (!isSizes(shape) || !isSizes(offsets)) {
      return fail(`tensor '${name}' has no shape and offsets`);
    }
    const count = shape.reduce((a, b) => a * b, 1);
    const [from, to] = offsets;
    if (to - from !== 4 * count || start + to > bytes.length) {
      fail(`tensor '${name}' of shape [${shape}] does not fit its bytes ${from} to ${to}`);
    }
    tensors.set(name, {
      data: new Float32Array(bytes.slice(start + from, start + to).buffer),
      shape,
    });
    end = Math.max(end, start + to);
  }
  if (end !== bytes.length) fail(`its tensors end at byte ${end} of ${bytes.length}`);
  return { tensors, metadata: (header?.__metadata__ ?? {}) as Record<string, string> };
}

/** Whether this is a list of sizes or positions. */
function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
