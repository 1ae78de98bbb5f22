import { join } from "node:path";
import { fileOperation, makeFolder } from "./files.ts";

/**
 * Results of nodes by content hash: `<root>/<hash>/` holds the files of one finished node.
 *
 * An entry is filled in a folder aside and renamed when it is complete, so an entry that exists is whole.
 */
export interface Store {
  readonly root: string;
  /** The folder of a finished node, or null when the node has not been run. */
  find(hash: string): Promise<string | null>;
  /**
   * Lets `fill` write a node's files aside and takes them in. The first of two writers wins, unless `replace` asks for
   * the old entry to make way, once the new one is whole.
   */
  put(
    hash: string,
    fill: (folder: string) => Promise<void>,
    options?: { readonly replace?: boolean },
  ): Promise<string>;
}

/** Opens the store in this folder, which is made when something is first put in. */
export function openStore(root: string): Store {
  const folderOf = (hash: string): string => join(root, hash.slice(0, 32));
  const find = async (hash: string): Promise<string | null> => {
    const folder = folderOf(hash);
    return await exists(folder) ? folder : null;
  };
  return {
    root,
    find,
    async put(hash, fill, { replace = false } = {}) {
      const folder = folderOf(hash);
      const aside = `${folder}.${crypto.randomUUID().slice(0, 8)}.tmp`;
      await makeFolder(aside);
      try {
        await fileOperation("write", folder, async () => {
          await fill(aside);
          if (replace) await Deno.remove(folder, { recursive: true }).catch(() => {});
          await Deno.rename(aside, folder);
        });
      } catch (error) {
        await Deno.remove(aside, { recursive: true }).catch(() => {});
        if (await find(hash) === null) throw error;
      }
      return folder;
    },
  };
}

/** Whether something is at this path. */
async function exists(path: string): Promise<boolean> {
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
