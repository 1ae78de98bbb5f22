import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileOperation, makeFolder } from "./files.ts";
import { Interrupted } from "./outcome.ts";

/** The sole right to write at a path, until it is released or the process ends, however it ends. */
export interface Hold extends AsyncDisposable {
  release(): Promise<void>;
}

/** How to come by a hold. */
export interface HoldOptions {
  /** What is done meanwhile, in a few words: "training of two-moons". */
  readonly work: string;
  /** What is done first once the hold is there; the hold ends if it fails. */
  readonly first?: () => Promise<void>;
  /** Stops the wait. */
  readonly signal?: AbortSignal;
  /** Takes word, once, of who has the hold, when it has to be waited for. */
  readonly onWait?: (text: string) => void;
}

/** Who has a hold, as the file beside the path says. */
interface Holder {
  readonly pid: number;
  /** Null where the process may not know it (`--allow-sys=hostname`). */
  readonly host: string | null;
  readonly since: string;
  readonly work: string;
}

/** Milliseconds between two looks at a hold that another has. */
const LOOK = 100;

/**
 * Waits until no other process, nor another caller in this one, has the hold of `path`, and takes it.
 *
 * The hold is the operating system's lock on the file `<path>.hold`, so it ends with its process, also by `kill -9`: what a
 * dead process left is taken over at once, and a hold that is alive is never taken away.
 *
 * @throws {InputError} If the file cannot be made, or its file system has no locks.
 * @throws {Interrupted} If `signal` fires while waiting.
 */
export async function hold(path: string, options: HoldOptions): Promise<Hold> {
  const file = holdFile(path);
  let waiting = false;
  for (;;) {
    const found = await holdIfFree(path, options.work);
    if (found !== null) return await beginning(found, options);
    if (!waiting) options.onWait?.(`waiting for ${await holderOf(file)}`);
    waiting = true;
    await setTimeout(LOOK);
    if (options.signal?.aborted) {
      throw new Interrupted(`Stopped while waiting for ${await holderOf(file)}`);
    }
  }
}

async function beginning(held: Hold, { first }: HoldOptions): Promise<Hold> {
  try {
    await first?.();
    return held;
  } catch (error) {
    await held.release();
    throw error;
  }
}

/** The file that stands for the hold of a path. */
export function holdFile(path: string): string {
  return `${path}.hold`;
}

/** Takes the hold of `path` if nobody has it; null if somebody does. */
export async function holdIfFree(path: string, work: string): Promise<Hold | null> {
  const file = holdFile(path);
  await makeFolder(dirname(file));
  return await fileOperation("take the hold", file, () => attempt(file, work));
}

async function attempt(file: string, work: string): Promise<Hold | null> {
  const opened = await Deno.open(file, { create: true, read: true, write: true });
  let mine = false;
  try {
    // A file that its holder removed meanwhile is locked by nobody else, and protects nothing.
    mine = await opened.tryLock(true) && await isNamed(file, opened);
  } finally {
    if (!mine) opened.close();
  }
  if (!mine) return null;
  const found = held(file, opened);
  try {
    await opened.truncate();
    await opened.write(new TextEncoder().encode(JSON.stringify(await ourselves(work)) + "\n"));
    return found;
  } catch (error) {
    await found.release();
    throw error;
  }
}

function held(file: string, opened: Deno.FsFile): Hold {
  let over = false;
  const release = async (): Promise<void> => {
    if (over) return;
    over = true;
    await Deno.remove(file).catch(() => {}); // while it is locked; Windows keeps it, which does no harm
    opened.close();
  };
  return { release, [Symbol.asyncDispose]: release };
}

/** Whether the open file is still the one of this name. */
async function isNamed(file: string, opened: Deno.FsFile): Promise<boolean> {
  const named = await Deno.stat(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
  return named !== null && named.ino === (await opened.stat()).ino;
}

async function ourselves(work: string): Promise<Holder> {
  const { state } = await Deno.permissions.query({ name: "sys", kind: "hostname" });
  const host = state === "granted" ? Deno.hostname() : null;
  return { pid: Deno.pid, host, since: new Date().toISOString(), work };
}

/** The holder in words. */
async function holderOf(file: string): Promise<string> {
  const text = await Deno.readTextFile(file).catch(() => "");
  let holder: Holder;
  try {
    holder = JSON.parse(text);
  } catch { // not written yet, or Windows, where a locked file cannot be read
    return `another process, which has the hold '${file}'`;
  }
  const { pid, host, since, work } = holder;
  const where = host === null ? "" : ` on ${host}`;
  const who = pid === Deno.pid ? "another run in this process" : `process ${pid}${where}`;
  return `${who}, which does the ${work} since ${since} (hold '${file}')`;
}
