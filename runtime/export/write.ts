import { join } from "node:path";
import { fileOperation, isThere, removeLeftovers, syncFile, syncFolder } from "../files.ts";
import { hold } from "../hold.ts";

/**
 * Writes files that belong together: all of them aside, then each is renamed, so that a failure, such as a full disk, leaves
 * what was there before. `obsolete` files that an earlier export left are removed. One process writes at a time.
 *
 * @returns The paths of the files.
 */
export async function writeTogether(
  folder: string,
  contents: Readonly<Record<string, string | Uint8Array>>,
  obsolete: readonly string[],
): Promise<string[]> {
  const names = Object.keys(contents);
  const clear = async (): Promise<void> => {
    for (const name of names) await removeLeftovers(folder, `.${name}.`);
  };
  await using _ = await hold(join(folder, "export"), { work: `export to ${folder}`, first: clear });
  const aside = new Map(names.map((name) => [name, join(folder, asideOf(name))]));
  return await fileOperation("write", folder, async () => {
    try {
      for (const [name, path] of aside) {
        const content = contents[name];
        await (typeof content === "string"
          ? Deno.writeTextFile(path, content)
          : Deno.writeFile(path, content));
        await syncFile(path);
      }
      for (const [name, path] of aside) await Deno.rename(path, join(folder, name));
    } catch (error) {
      await clear();
      throw error;
    }
    for (const name of obsolete) {
      if (await isThere(join(folder, name))) await Deno.remove(join(folder, name));
    }
    await syncFolder(folder);
    return names.map((name) => join(folder, name));
  });
}

function asideOf(name: string): string {
  return `.${name}.${crypto.randomUUID().slice(0, 8)}.tmp`;
}
