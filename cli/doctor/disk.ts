import { join } from "node:path";
import { isThere } from "../../runtime/files.ts";

/** What lies on the disk. */
export interface DiskFinding {
  /** Folder of the store. */
  readonly store: string;
  /** Results in the store; null if it may not be read. */
  readonly results: number | null;
  readonly storeBytes: number | null;
  /** Folder of Deno's packages; null if it may not be looked up. */
  readonly cache: string | null;
  readonly cacheBytes: number | null;
}

/** Counts the results in a store, and the bytes of the store and of the packages that Deno keeps. */
export async function examineDisk(store: string): Promise<DiskFinding> {
  const readable = await mayRead(store);
  const cache = await cacheFolder();
  return {
    store,
    results: readable ? await resultsIn(store) : null,
    storeBytes: readable ? await bytesIn(store) : null,
    cache,
    cacheBytes: cache === null ? null : await bytesIn(cache),
  };
}

async function mayRead(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "read", path })).state === "granted";
}

async function resultsIn(store: string): Promise<number> {
  if (!await isThere(store)) return 0;
  let results = 0;
  for await (const { name } of Deno.readDir(store)) {
    if (/^[0-9a-f]{32}$/.test(name)) results++;
  }
  return results;
}

/** The folder of npm packages; null where the environment or the folder may not be read. */
async function cacheFolder(): Promise<string | null> {
  const variables = { linux: "XDG_CACHE_HOME", darwin: "HOME", windows: "LOCALAPPDATA" } as const;
  const system = Deno.build.os in variables ? Deno.build.os as keyof typeof variables : "linux";
  for (const variable of ["DENO_DIR", variables[system], "HOME"]) {
    const { state } = await Deno.permissions.query({ name: "env", variable });
    if (state !== "granted") return null;
  }
  const base = Deno.env.get("DENO_DIR") ?? {
    linux: join(
      Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME") ?? "", ".cache"),
      "deno",
    ),
    darwin: join(Deno.env.get("HOME") ?? "", "Library", "Caches", "deno"),
    windows: join(Deno.env.get("LOCALAPPDATA") ?? "", "deno"),
  }[system];
  const folder = join(base, "npm");
  return await mayRead(folder) && await isThere(folder) ? folder : null;
}

async function bytesIn(folder: string): Promise<number> {
  if (!await isThere(folder)) return 0;
  const sizes: Promise<number>[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) sizes.push(bytesIn(path));
    else if (isFile) sizes.push(sizeOf(path));
  }
  return (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
}

/** Bytes of a file; none if it was removed meanwhile. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
