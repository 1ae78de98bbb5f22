import proto from "npm:onnx-proto@8.0.1";

/** Element types of ONNX tensors that programs use, with their protobuf numbers. */
export const ELEMENT_TYPES = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;

/** Name of an element type of an ONNX tensor. */
export type ElementType = keyof typeof ELEMENT_TYPES;

/** A size of an ONNX tensor; a string is a symbolic size. */
export type OnnxDim = number | string;

/** Attribute of an ONNX node, told apart by its JavaScript type: see {@linkcode attributeOf}. */
export type Attribute = number | string | readonly number[] | GraphProto | { float: number };

/** One value of a graph with its type, as it stands in the file. */
export type ValueInfo = proto.onnx.IValueInfoProto;
/** One node of a graph. */
export type NodeProto = proto.onnx.INodeProto;
/** A tensor of constants. */
export type TensorProto = proto.onnx.ITensorProto;
/** A graph: nodes with inputs, outputs and constants. */
export type GraphProto = proto.onnx.IGraphProto;

/** Typed arrays that hold the elements of a tensor. */
export type Elements =
  | Float16Array
  | Float32Array
  | Float64Array
  | Int32Array
  | BigInt64Array
  | Uint8Array;

/**
 * Opset and IR version written into every file. Opset 18 brought reductions whose axes are inputs and
 * bitwise operators; ONNX Runtime 1.17 reads opsets up to 20 and IR versions up to 9.
 */
export const OPSET = 18;
const IR_VERSION = 8;

/** A value with its element type and shape, and what a reader of the file should know of it. */
export function valueInfo(
  name: string,
  type: ElementType,
  shape: readonly OnnxDim[],
  docString?: string,
): ValueInfo {
  const dim = shape.map((d) => typeof d === "number" ? { dimValue: d } : { dimParam: d });
  return {
    name,
    type: { tensorType: { elemType: ELEMENT_TYPES[type], shape: { dim } } },
    ...(docString === undefined ? {} : { docString }),
  };
}

/** A tensor of constants over the bytes of `data`; nothing is copied until the model is encoded. */
export function tensorProto(name: string, dims: readonly number[], data: Elements): TensorProto {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: [...dims], dataType: ELEMENT_TYPES[elementTypeOf(data)], rawData };
}

/** The element type that a typed array holds; bytes are bool. */
export function elementTypeOf(data: Elements): ElementType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float16Array) return "float16";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  return data instanceof BigInt64Array ? "int64" : "bool";
}

/** An attribute in its protobuf form: numbers are integers, `{ float }` is a real number. */
export function attributeOf(name: string, value: Attribute): proto.onnx.IAttributeProto {
  const { AttributeType } = proto.onnx.AttributeProto;
  if (typeof value === "number") return { name, type: AttributeType.INT, i: value };
  if (typeof value === "string") {
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if (isInts(value)) return { name, type: AttributeType.INTS, ints: [...value] };
  if ("float" in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.GRAPH, g: value };
}

function isInts(value: Attribute): value is readonly number[] {
  return Array.isArray(value);
}

/** What a file says of itself beside its graph. */
export interface About {
  /** Version of this library; left out of models that do not leave. */
  readonly version?: string;
  /** What the file is, in words. */
  readonly text?: string;
  /** Facts that the file carries along. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The bytes of an ONNX file around a graph.
 *
 * @param domains Operator domains beside the standard one that the graph uses, with their versions.
 */
export function encodeModel(
  graph: GraphProto,
  domains: ReadonlyMap<string, number> = new Map(),
  { version, text, metadata = {} }: About = {},
): Uint8Array<ArrayBuffer> {
  const model = proto.onnx.ModelProto.encode({
    irVersion: IR_VERSION,
    producerName: "pushforward",
    ...(version === undefined ? {} : { producerVersion: version }),
    ...(text === undefined ? {} : { docString: text }),
    opsetImport: [
      { domain: "", version: OPSET },
      ...[...domains].map(([domain, version]) => ({ domain, version })),
    ],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph,
  }).finish();
  return model as Uint8Array<ArrayBuffer>;
}

/** Reads the bytes of an ONNX file back. */
export function decodeModel(bytes: Uint8Array): proto.onnx.IModelProto {
  return proto.onnx.ModelProto.decode(bytes);
}
