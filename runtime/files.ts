import { dirname, join } from "node:path";
import { InputError } from "../dsl/error.ts";
import { permissionIn } from "./permission.ts";

/** In words, why a file operation failed, for the failures that a user can mend; null for others. */
export function fileTrouble(error: unknown): string | null {
  if (error instanceof Deno.errors.NotFound) return "no such file or folder";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) return permissionIn(error);
  if (error instanceof Deno.errors.AlreadyExists) return "a file of that name is in the way";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder, not a file";
  if (error instanceof Deno.errors.NotADirectory) return "a part of the path is not a folder";
  const code = (error as { code?: string } | null)?.code;
  if (code === "ENOSPC") return "the disk is full";
  if (code === "EROFS") return "the file system is read-only";
  if (code === "EDQUOT") return "the disk quota is used up";
  if (code === "EFBIG") return "the file would be larger than this process may write";
  if (code === "ENOLCK" || code === "EOPNOTSUPP") {
    return "its file system has no file locks: choose another folder with --folder";
  }
  return null;
}

/** Runs a file operation; a failure that the user can mend becomes an {@link InputError} naming `path`. */
export async function fileOperation<T>(
  what: string,
  path: string,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const trouble = fileTrouble(error);
    if (trouble === null) throw error;
    throw new InputError(`Cannot ${what} '${path}': ${trouble}`, { cause: error });
  }
}

/**
 * Writes a file aside and renames it, so that a reader sees the old content or the new, never a part. The content is on
 * the disk before its name is, so that this also holds when the machine loses power.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const aside = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  await fileOperation("write", path, async () => {
    await Deno.mkdir(dirname(path), { recursive: true });
    try {
      await (typeof content === "string"
        ? Deno.writeTextFile(aside, content)
        : Deno.writeFile(aside, content));
      await syncFile(aside);
      await Deno.rename(aside, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await Deno.remove(aside).catch(() => {});
      throw error;
    }
  });
}

/** Makes a folder where it is not there, and makes sure that files can be written in it. */
export async function writableFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  await fileOperation("write in", folder, () => tryWriting(folder));
}

/** Makes sure that a file can be written, or replaced, at this path: before the work for it is begun. */
export async function writablePlace(path: string): Promise<void> {
  const isFolder = async (): Promise<boolean> =>
    (await Deno.stat(path).catch(() => null))?.isDirectory ?? false; // what may not be read may be written
  if (/^$|[\\/]$/.test(path) || await isFolder()) {
    throw new InputError(`Cannot write '${path}': it is a folder, not a file`);
  }
  await fileOperation("write", path, () => tryWriting(dirname(path)));
}

async function tryWriting(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const probe = join(folder, `.probe.${crypto.randomUUID().slice(0, 8)}.tmp`);
  await Deno.writeFile(probe, new Uint8Array());
  await Deno.remove(probe);
}

/** Whether something is at this path. */
export async function isThere(path: string): Promise<boolean> {
  return await fileOperation("look at", path, async () => {
    try {
      await Deno.lstat(path);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}

/** Makes a folder, and its parents, where it is not there yet. */
export async function makeFolder(path: string): Promise<void> {
  await fileOperation("make the folder", path, () => Deno.mkdir(path, { recursive: true }));
}

/** Puts what was written to a file on the disk. */
export async function syncFile(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.syncData();
}

/** Puts the names in a folder on the disk, where the system lets a folder be opened. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await Deno.open(path).catch(() => null); // Windows opens no folders
  if (folder === null) return;
  using _ = folder;
  await folder.sync().catch(() => {}); // a file system that cannot has nothing to put
}

/** Removes the parts of writes aside that a killed process left in a folder, where their names begin with `prefix`. */
export async function removeLeftovers(folder: string, prefix = ""): Promise<void> {
  await fileOperation("clear", folder, async () => {
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.startsWith(prefix) || !name.endsWith(".tmp")) continue;
      await Deno.remove(join(folder, name), { recursive: true });
    }
  });
}
