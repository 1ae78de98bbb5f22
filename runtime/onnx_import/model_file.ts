import { decodeModel, type GraphProto } from "../onnx/proto.ts";
import { numberOf } from "./protobuf.ts";
import type { Trouble } from "./trouble.ts";

/** Versions of the standard operators that are read. */
export const OPSETS = { oldest: 13, newest: 21 } as const;

/** What protobuf can hold. */
export const LARGEST: number = 2 ** 31;

/**
 * The graph of an ONNX file.
 *
 * @throws {InputError} If the bytes are not a whole ONNX file, or one of a version that is not read.
 */
export function graphOfFile(bytes: Uint8Array, trouble: Trouble): GraphProto {
  if (bytes.length === 0) throw trouble("the file is empty");
  if (bytes.length >= LARGEST) {
    throw trouble(`it has ${bytes.length} bytes: an ONNX file has less than ${LARGEST}`);
  }
  const { graph, opsetImport } = decoded(bytes, trouble);
  if (!graph || !opsetImport?.length) {
    throw trouble("it is not an ONNX model: it holds no graph, or does not name its operators");
  }
  const standard = opsetImport.find(({ domain }) => isStandard(domain));
  const opset = numberOf(standard?.version);
  if (standard === undefined || opset < OPSETS.oldest || opset > OPSETS.newest) {
    const found = standard === undefined
      ? `it imports ${opsetImport.map(({ domain }) => domain).join(", ")} alone`
      : `it is of opset ${opset}`;
    throw trouble(
      `${found}: opsets ${OPSETS.oldest} to ${OPSETS.newest} are accepted; ` +
        "export it with opset_version=18",
    );
  }
  return graph;
}

/** Whether this is the domain of the standard operators. */
export function isStandard(domain: string | null | undefined): boolean {
  return !domain || domain === "ai.onnx";
}

function decoded(bytes: Uint8Array, trouble: Trouble): ReturnType<typeof decodeModel> {
  try {
    return decodeModel(bytes);
  } catch (cause) {
    const { message } = cause as Error;
    const why = /call stack/.test(message)
      ? "its graphs are nested too deep"
      : /out of range/.test(message)
      ? "it is truncated, or not an ONNX model"
      : `it is not an ONNX model (${message})`;
    throw trouble(why, { cause });
  }
}
