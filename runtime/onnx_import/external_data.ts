import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { readBytes } from "../data/files/read_bytes.ts";
import { fileOperation } from "../files.ts";
import type { GraphProto, TensorProto } from "../onnx/proto.ts";
import type { Trouble } from "./trouble.ts";

/** Where the bytes of a tensor are when they are in a file of their own. */
interface Place {
  /** Path from the folder of the ONNX file. */
  readonly location: string;
  readonly offset: number;
  /** Null for all that follows the offset. */
  readonly length: number | null;
}

/** Gives the bytes of a tensor that are in another file; null for a tensor that holds its own. */
export type ExternalData = (tensor: TensorProto) => Uint8Array | null;

/** Protobuf's number for data in another file. */
const EXTERNAL = 1;

/**
 * Reads the files beside an ONNX file that hold its tensors, as PyTorch writes them.
 *
 * A file may name others in its own folder and below alone: what a downloaded file says is not trusted with the rest of
 * the disk.
 *
 * @throws {InputError} If a file is named that lies elsewhere, or is missing.
 */
export async function readExternalData(
  graph: GraphProto,
  path: string,
  trouble: Trouble,
): Promise<ExternalData> {
  const files = new Map<string, Uint8Array>();
  for (const proto of tensorsOf(graph)) {
    const place = placeOf(proto);
    if (place === null || files.has(place.location)) continue;
    const where = await insideFolder(place.location, path, trouble);
    files.set(place.location, await readBytes(where));
  }
  return (proto) => {
    const place = placeOf(proto);
    if (place === null) return null;
    const file = files.get(place.location)!;
    const { offset, length } = place;
    const end = length === null ? file.length : offset + length;
    if (!(offset >= 0 && offset <= end && end <= file.length)) {
      throw new RangeError(
        `it is at bytes ${offset} to ${end} of '${place.location}', which has ${file.length}`,
      );
    }
    return file.subarray(offset, end);
  };
}

function placeOf({ dataLocation, externalData }: TensorProto): Place | null {
  if (dataLocation !== EXTERNAL) return null;
  const entries = new Map((externalData ?? []).map(({ key, value }) => [key, value ?? ""]));
  const length = entries.get("length");
  return {
    location: entries.get("location") ?? "",
    offset: Number(entries.get("offset") ?? 0),
    length: length === undefined ? null : Number(length),
  };
}

/** Every tensor of a graph: initialisers, and those that nodes hold, inner graphs included. */
function* tensorsOf({ initializer, node }: GraphProto): Generator<TensorProto> {
  yield* initializer ?? [];
  for (const { attribute } of node ?? []) {
    for (const { t, g } of attribute ?? []) {
      if (t) yield t;
      if (g) yield* tensorsOf(g);
    }
  }
}

/** The path or URL of a file that lies in the folder of the ONNX file, whatever links there are. */
async function insideFolder(location: string, path: string, trouble: Trouble): Promise<string> {
  const outside = trouble(
    `its weights are said to be in '${location}': only files in its own folder are read`,
  );
  const parts = location.split(/[\\/]/);
  const plain = location !== "" && !isAbsolute(location) && !/^[\\/]|^[a-zA-Z]:/.test(location) &&
    !parts.includes("..") && !/\0/.test(location);
  if (!plain) throw outside;
  if (/^https?:/.test(path)) return new URL(parts.map(encodeURIComponent).join("/"), path).href;
  const model = path.startsWith("file:") ? fileURLToPath(path) : path;
  const file = join(dirname(model), ...parts);
  const [folder, real] = await fileOperation(
    `read the weights of '${basename(model)}' from`,
    file,
    async () => [await Deno.realPath(dirname(model)), await Deno.realPath(file)],
  );
  const way = relative(folder, real);
  if (way === "" || way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) throw outside;
  return real;
}
