import { join } from "node:path";
import { InputError } from "../dsl/error.ts";
import { fileOperation } from "./files.ts";
import { fromJson } from "./json.ts";

/**
 * The text of a file in a run folder.
 *
 * @throws {InputError} If it cannot be read.
 */
export function runText(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  return fileOperation("read the run's", file, () => Deno.readTextFile(file));
}

/**
 * What a JSON file in a run folder holds.
 *
 * @throws {InputError} If it cannot be read, or is damaged.
 */
export async function runJson(folder: string, name: string): Promise<unknown> {
  const text = await runText(folder, name);
  return undamaged(folder, name, () => fromJson(text));
}

/**
 * What each line of a file in a run folder holds, as JSON.
 *
 * @throws {InputError} If it cannot be read, or is damaged.
 */
export async function runJsonLines(folder: string, name: string): Promise<unknown[]> {
  const lines = (await runText(folder, name)).split("\n").filter((line) => line !== "");
  return undamaged(folder, name, () => lines.map(fromJson));
}

function undamaged<T>(folder: string, name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const { message } = cause as SyntaxError;
    throw new InputError(`'${join(folder, name)}' is damaged: ${message}`, { cause });
  }
}
