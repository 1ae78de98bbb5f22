import { createHash } from "node:crypto";
import { InputError } from "../../dsl/error.ts";
import { digest } from "../../dsl/canonical.ts";
import { rowMixer } from "../../dsl/row_by_row.ts";
import type { OnnxVelocitySpec } from "../../dsl/spec.ts";
import {
  constant,
  type Expression,
  input,
  reshape,
  showShape,
  simplify,
  toJSON,
} from "../../graph/mod.ts";
import type { Network } from "../../nodes/velocity/mod.ts";
import { readBytes } from "../data/files/read_bytes.ts";
import { fileOperation } from "../files.ts";
import type { TensorProto } from "../onnx/proto.ts";
import type { NamedTensors } from "../safetensors.ts";
import { constantOf } from "./constant.ts";
import { ROWS } from "./count.ts";
import { type ExternalData, readExternalData } from "./external_data.ts";
import { graphOfFile, LARGEST } from "./model_file.ts";
import { outputOf } from "./output.ts";
import { Scope } from "./scope.ts";
import { signatureOf } from "./signature.ts";
import { type Trouble, troubleWith } from "./trouble.ts";
import { unsupported } from "./unsupported.ts";
import { tensor, type Value, whole } from "./value.ts";

/** A network with its weights. */
export interface ReadNetwork {
  readonly network: Network;
  readonly weights: NamedTensors;
}

/**
 * Reads a velocity network from an ONNX file into the tensor graph.
 *
 * What the file computes from shapes is worked out, so that the result holds for any number of rows, whether the file
 * was exported for one number or for any.
 *
 * @param dim Number of coordinates that the pipeline needs.
 * @throws {InputError} If the file cannot be read, is no ONNX model, needs operators that are not supported, or is no
 * velocity in `dim` coordinates; the message says where.
 */
export async function readNetwork(
  spec: OnnxVelocitySpec,
  { dim }: { readonly dim: number },
): Promise<ReadNetwork> {
  const trouble = troubleWith(`'${spec.path}'`);
  await checkLength(spec.path, trouble);
  const graph = graphOfFile(await readBytes(spec.path), trouble);
  const output = outputOf(graph, spec, trouble);
  const reason = unsupported(output, graph);
  if (reason !== null) throw trouble(reason);
  const signature = signatureOf(graph, spec, { dim, trouble });
  const weights = new Weights(await readExternalData(graph, spec.path, trouble));
  const reading = {
    fixedRows: signature.fixedRows,
    constant: (proto: TensorProto, name: string) => weights.value(proto, name),
    weights: (x: Expression) => weights.dataOf(x),
  };
  const hint = signature.fixedRows === null
    ? ""
    : `; it was exported for ${signature.fixedRows} rows: export it with a dynamic batch axis`;
  const scope = new Scope(graph, signature.given, {
    reading,
    trouble: (found, cause) => trouble(`${found}${hint}`, { cause }),
  });
  const field = fieldOf(scope.value(output), dim, (found) => trouble(`${found}${hint}`));
  return network(field, weights, dim);
}

/** A file too long for protobuf is not read to find that out. */
async function checkLength(path: string, trouble: Trouble): Promise<void> {
  if (/^https?:/.test(path)) return;
  const place = path.startsWith("file:") ? new URL(path) : path;
  const { size } = await fileOperation("read", path, () => Deno.stat(place));
  if (size >= LARGEST) throw trouble(`it has ${size} bytes: an ONNX file has less than ${LARGEST}`);
}

/** The expression of the output, which must be a velocity of each row by itself. */
function fieldOf(
  value: Value,
  dim: number,
  trouble: (found: string) => InputError,
): Expression {
  if (value.kind === "whole") throw trouble("its output does not depend on its inputs");
  const { shape } = value.y;
  const size = shape.slice(1).reduce<number>((product, each) => product * Number(each), 1);
  if (shape.length < 2 || shape[0] !== ROWS || size !== dim) {
    throw trouble(
      `its output has shape ${showShape(shape)}, where ${ROWS} counts rows: ` +
        `a velocity in ${dim} coordinates is [${ROWS}, ${dim}]`,
    );
  }
  const [y] = simplify([reshape(value.y, [ROWS, dim])]);
  if (y.dtype !== "f32") throw trouble("its output must be real numbers: it holds truth values");
  const mixer = rowMixer(y);
  if (mixer !== null) {
    throw trouble(
      `a row of its output depends on other rows (by "${mixer}"): each sample's velocity must follow from that sample alone`,
    );
  }
  return y;
}

/** The numbers of a file: small ones are part of the graph, the others inputs with a name. */
class Weights {
  readonly #external: ExternalData;
  readonly #tensors = new Map<string, { data: Float32Array; shape: number[] }>();

  constructor(external: ExternalData) {
    this.#external = external;
  }

  value(proto: TensorProto, name: string): Value {
    const { type, shape, data } = constantOf(proto, this.#external(proto));
    if (type !== "real") return whole(data as readonly number[], shape, type === "bool");
    if (data.length === 1) return tensor(constant([...data], shape));
    const own = `network.${name}`; // apart from "t", "x" and what programs call their inputs
    this.#tensors.set(own, { data: data as Float32Array, shape: [...shape] });
    return tensor(input(own, shape));
  }

  dataOf(x: Expression): Float32Array | null {
    return x.op === "input" ? this.#tensors.get(x.attributes.name)?.data ?? null : null;
  }

  get(name: string): { data: Float32Array; shape: number[] } {
    return this.#tensors.get(name)!;
  }
}

/** The network of a field, with the weights that it uses and what identifies both. */
function network(field: Expression, all: Weights, dim: number): ReadNetwork {
  const graph = toJSON([field]);
  const names = graph.nodes.flatMap(({ op, name }) => op === "input" ? [name as string] : [])
    .filter((name) => name !== "t" && name !== "x");
  const weights = new Map(names.map((name) => [name, all.get(name)]));
  const content = [...weights].map(([name, { data, shape }]) => [
    name,
    shape,
    createHash("sha256").update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      .digest("hex"),
  ]);
  return { network: { dim, field: graph, digest: digest({ graph, content }) }, weights };
}
