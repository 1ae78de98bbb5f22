/** ONNX files that tests write: small graphs with any fault. */
import ort from "npm:onnxruntime-node@1.30.0";
import proto from "npm:onnx-proto@8.0.1";
import { velocity } from "../../../dsl/mod.ts";
import type { OnnxOptions } from "../../../dsl/velocity.ts";
import {
  type Attribute,
  attributeOf,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  tensorProto,
  valueInfo,
} from "../../../runtime/onnx/proto.ts";
import { readNetwork } from "../../../runtime/onnx_import/mod.ts";

export { tensorProto, valueInfo };

/** A node with inputs and outputs by name. */
export function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  name = "",
): NodeProto {
  return {
    ...{ opType, name, input: [...input], output: [...output] },
    attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
  };
}

/** A tensor of real numbers. */
export function reals(
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): TensorProto {
  return tensorProto(name, dims, Float32Array.from(values));
}

/** A tensor of whole numbers. */
export function wholes(
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): TensorProto {
  return tensorProto(name, dims, BigInt64Array.from(values, BigInt));
}

/** A graph that takes t [batch, 1] and x [batch, 2] and gives v [batch, 2]; fields of `graph` replace those. */
export function graphOf(graph: GraphProto): GraphProto {
  return {
    name: "test",
    input: [valueInfo("t", "float32", ["batch", 1]), valueInfo("x", "float32", ["batch", 2])],
    output: [valueInfo("v", "float32", ["batch", 2])],
    ...graph,
  };
}

/** The bytes of a file around a graph. */
export function encode(
  graph: GraphProto,
  options: { readonly opset?: number; readonly domain?: string } = {},
): Uint8Array<ArrayBuffer> {
  const { opset = 18, domain = "" } = options;
  const model = { irVersion: 8, opsetImport: [{ domain, version: opset }], graph };
  return proto.onnx.ModelProto.encode(model).finish() as Uint8Array<ArrayBuffer>;
}

/** Writes a file into a folder of its own, lets `use` work with its path, and removes it. */
export async function withFile<T>(
  bytes: Uint8Array,
  use: (path: string, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/net.onnx`;
    await Deno.writeFile(path, bytes);
    return await use(path, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The velocity [n, 2] that ONNX Runtime computes from a time [n, 1] and a state [n, 2]. */
export async function runInOnnxRuntime(
  bytes: Uint8Array,
  { t, x }: { readonly t: readonly number[]; readonly x: readonly number[] },
): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const given = {
    t: new ort.Tensor("float32", Float32Array.from(t), [t.length, 1]),
    x: new ort.Tensor("float32", Float32Array.from(x), [t.length, 2]),
  };
  const { v } = await session.run(given);
  await session.release();
  return v.data as Float32Array;
}

/** Reads the network in these bytes, for a pipeline of two coordinates unless told otherwise. */
export async function read(
  bytes: Uint8Array,
  options: OnnxOptions = {},
  dim = 2,
): ReturnType<typeof readNetwork> {
  return await withFile(
    bytes,
    async (path) => await readNetwork(velocity.onnx(path, options), { dim }),
  );
}
