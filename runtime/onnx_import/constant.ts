/** Tensors that a file holds. */
import type { TensorProto } from "../onnx/proto.ts";
import { numberOf } from "./protobuf.ts";

/** Numbers that a file holds, row-major: real ones in single precision, whole ones and truth values exact. */
export interface Constant {
  readonly type: "real" | "whole" | "bool";
  readonly shape: readonly number[];
  readonly data: Float32Array | readonly number[];
}

interface ElementType {
  readonly name: string;
  readonly type: Constant["type"];
  /** Bytes of one element. */
  readonly size: number;
  read(view: DataView, at: number): number;
  /** The field that holds elements one by one, where they are not raw bytes. */
  readonly field: "floatData" | "int32Data" | "int64Data" | "doubleData" | "uint64Data";
  /** The number that an item of the field stands for, where it is not that number. */
  decode?(item: number): number;
}

function half(bits: number): number {
  const view = new DataView(new ArrayBuffer(2));
  view.setUint16(0, bits);
  return view.getFloat16(0);
}

function brainHalf(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}

/** The element types that are read, by their protobuf numbers. */
const ELEMENTS: Readonly<Record<number, ElementType>> = {
  1: {
    name: "float32",
    type: "real",
    size: 4,
    read: (v, i) => v.getFloat32(i, true),
    field: "floatData",
  },
  2: { name: "uint8", type: "whole", size: 1, read: (v, i) => v.getUint8(i), field: "int32Data" },
  3: { name: "int8", type: "whole", size: 1, read: (v, i) => v.getInt8(i), field: "int32Data" },
  4: {
    name: "uint16",
    type: "whole",
    size: 2,
    read: (v, i) => v.getUint16(i, true),
    field: "int32Data",
  },
  5: {
    name: "int16",
    type: "whole",
    size: 2,
    read: (v, i) => v.getInt16(i, true),
    field: "int32Data",
  },
  6: {
    name: "int32",
    type: "whole",
    size: 4,
    read: (v, i) => v.getInt32(i, true),
    field: "int32Data",
  },
  7: {
    name: "int64",
    type: "whole",
    size: 8,
    read: (v, i) => Number(v.getBigInt64(i, true)),
    field: "int64Data",
  },
  9: {
    name: "bool",
    type: "bool",
    size: 1,
    read: (v, i) => Number(v.getUint8(i) !== 0),
    field: "int32Data",
  },
  10: {
    name: "float16",
    type: "real",
    size: 2,
    read: (v, i) => v.getFloat16(i, true),
    field: "int32Data",
    decode: half,
  },
  11: {
    name: "float64",
    type: "real",
    size: 8,
    read: (v, i) => v.getFloat64(i, true),
    field: "doubleData",
  },
  12: {
    name: "uint32",
    type: "whole",
    size: 4,
    read: (v, i) => v.getUint32(i, true),
    field: "uint64Data",
  },
  13: {
    name: "uint64",
    type: "whole",
    size: 8,
    read: (v, i) => Number(v.getBigUint64(i, true)),
    field: "uint64Data",
  },
  16: {
    name: "bfloat16",
    type: "real",
    size: 2,
    read: (v, i) => brainHalf(v.getUint16(i, true)),
    field: "int32Data",
    decode: brainHalf,
  },
};

/** Names of element types that are not read, for messages. */
const OTHERS: Readonly<Record<number, string>> = {
  8: "string",
  14: "complex64",
  15: "complex128",
  17: "float8e4m3fn",
  18: "float8e4m3fnuz",
  19: "float8e5m2",
  20: "float8e5m2fnuz",
  21: "uint4",
  22: "int4",
  23: "float4e2m1",
};

/** What the elements of that type are: real, whole, bool; null for those that are not read. */
export function kindOf(elementType: number): Constant["type"] | null {
  return ELEMENTS[elementType]?.type ?? null;
}

/** The name of an element type by its protobuf number. */
export function elementName(elementType: number): string {
  return ELEMENTS[elementType]?.name ?? OTHERS[elementType] ?? `type number ${elementType}`;
}

/** Whole numbers up to this many are read, and worked out: they are shapes and places, not weights. */
export const WHOLE_LIMIT: number = 2 ** 20;

/**
 * The numbers of a tensor.
 *
 * @param raw Its bytes, where they are in another file.
 * @throws {RangeError} If the type is not read, or there are not as many elements as its sizes say.
 */
export function constantOf(proto: TensorProto, raw: Uint8Array | null): Constant {
  const element = ELEMENTS[proto.dataType ?? 0];
  if (element === undefined) {
    const accepted = Object.values(ELEMENTS).map(({ name }) => name).join(", ");
    throw new RangeError(
      `its elements are ${elementName(proto.dataType ?? 0)}: accepted are ${accepted}`,
    );
  }
  const shape = (proto.dims ?? []).map(numberOf);
  const bytes = raw ?? (proto.rawData?.length ? proto.rawData : null);
  const items = proto[element.field] ?? [];
  const count = shape.reduce((n, size) => n * size, 1);
  const found = bytes === null ? items.length : bytes.length / element.size;
  if (!shape.every((size) => size >= 0) || count !== found) {
    throw new RangeError(
      `its sizes [${
        shape.join(", ")
      }] stand for ${count} elements of ${element.name}: found ${found}`,
    );
  }
  if (element.type !== "real" && count > WHOLE_LIMIT) {
    throw new RangeError(`it holds ${count} whole numbers: at most ${WHOLE_LIMIT} are accepted`);
  }
  const data = element.type === "real" ? new Float32Array(count) : new Array<number>(count);
  if (bytes === null) {
    const decode = element.decode ?? ((item: number) => item);
    for (let i = 0; i < count; i++) data[i] = decode(numberOf(items[i]));
  } else if (element.name === "float32") {
    (data as Float32Array).set(new Float32Array(bytes.slice().buffer));
  } else {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < count; i++) data[i] = element.read(view, i * element.size);
  }
  return { type: element.type, shape, data };
}
