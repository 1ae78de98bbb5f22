import { basename, join } from "node:path";
import {
  fileOperation,
  isThere,
  makeFolder,
  removeLeftovers,
  syncFile,
  syncFolder,
} from "./files.ts";
import { type Hold, hold, holdFile, holdIfFree, type HoldOptions } from "./hold.ts";

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
   * Waits for the sole right to make a node, and clears what a killed process left of it: an entry that was just making way
   * is there again.
   */
  hold(hash: string, options: Omit<HoldOptions, "first">): Promise<Hold>;
  /**
   * Clears what a process left of a node whose result is in: its hold, and its `partial` by `first`. Does nothing where
   * neither is there, or where a process is still at work.
   */
  clear(
    hash: string,
    options: Pick<HoldOptions, "work" | "first"> & { readonly partial?: string },
  ): Promise<void>;
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

/** How the name of an entry ends that makes way: it is whole. */
const OLD = ".old.tmp";

/** Opens the store in this folder, which is made when something is first put in. */
export function openStore(root: string): Store {
  const folderOf = (hash: string): string => join(root, hash.slice(0, 32));
  const asideOf = (folder: string, end = ".tmp"): string =>
    `${folder}.${crypto.randomUUID().slice(0, 8)}${end}`;
  const clearLeftovers = async (folder: string): Promise<void> => {
    const prefix = `${basename(folder)}.`;
    await fileOperation("clear", root, async () => {
      for await (const { name } of Deno.readDir(root)) {
        if (!name.startsWith(prefix) || !name.endsWith(OLD)) continue;
        if (!await isThere(folder)) await Deno.rename(join(root, name), folder);
      }
    });
    await removeLeftovers(root, prefix);
  };
  const find = async (hash: string): Promise<string | null> => {
    const folder = folderOf(hash);
    return await isThere(folder) ? folder : null;
  };
  return {
    root,
    find,
    hold(hash, options) {
      const folder = folderOf(hash);
      return hold(folder, { ...options, first: () => clearLeftovers(folder) });
    },
    async clear(hash, { work, first, partial }) {
      const folder = folderOf(hash);
      const left = await isThere(holdFile(folder)) ||
        partial !== undefined && await isThere(partial);
      if (!left) return;
      await using free = await holdIfFree(folder, work);
      if (free === null) return;
      await clearLeftovers(folder);
      await first?.();
    },
    async put(hash, fill, { replace = false } = {}) {
      const folder = folderOf(hash);
      const aside = asideOf(folder);
      await makeFolder(aside);
      try {
        await fileOperation("write", folder, async () => {
          await fill(aside);
          for await (const { name } of Deno.readDir(aside)) await syncFile(join(aside, name));
          const old = asideOf(folder, OLD);
          if (replace) await Deno.rename(folder, old).catch(() => {});
          await Deno.rename(aside, folder);
          await syncFolder(root);
          await Deno.remove(old, { recursive: true }).catch(() => {});
        });
      } catch (error) {
        await Deno.remove(aside, { recursive: true }).catch(() => {});
        if (replace || await find(hash) === null) throw error;
      }
      return folder;
    },
  };
}
