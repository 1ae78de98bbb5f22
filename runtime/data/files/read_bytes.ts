import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../../dsl/error.ts";
import { fileOperation } from "../../files.ts";

/**
 * Reads a whole file: a path, or a `file:`, `http:` or `https:` URL.
 *
 * @param path A relative path is taken from `base`, a folder's path or URL; without one, from the working folder.
 * @throws {InputError} If there is nothing to read there, or it is not allowed.
 */
export async function readBytes(path: string, base?: string): Promise<Uint8Array<ArrayBuffer>> {
  const place = resolvePath(path, base);
  if (place instanceof URL) return await download(place);
  return await fileOperation("read", place, async () => {
    if ((await Deno.stat(place)).isDirectory) {
      throw new InputError(`Cannot read '${place}': it is a folder, not a file`, { field: "path" });
    }
    return await Deno.readFile(place);
  });
}

/** Where a path leads: a path of the file system, or the URL of a server. */
function resolvePath(path: string, base: string | undefined): string | URL {
  if (isURL(path)) return local(new URL(path));
  if (base === undefined || isAbsolute(path)) return path;
  return isURL(base) ? local(new URL(path, base.replace(/\/?$/, "/"))) : join(base, path);
}

function isURL(path: string): boolean {
  return /^(file|https?):\/\//.test(path);
}

function local(url: URL): string | URL {
  return url.protocol === "file:" ? fileURLToPath(url) : url;
}

async function download(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const trouble = (found: string, cause?: unknown) =>
    new InputError(`Cannot download '${url}': ${found}`, { field: "path", cause });
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw trouble((error as Error).message, error);
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw trouble(`the server answered ${response.status} ${response.statusText}`.trimEnd());
  }
  return await response.bytes();
}
