import { fileURLToPath } from "node:url";
import { relative } from "node:path";
import { InputError } from "../dsl/mod.ts";
import type { CommandContext } from "./command.ts";

/**
 * The lock file of a command: that of `--lock`, or `moons.lock.json` beside `moons.ts`.
 *
 * @throws {InputError} If the pipeline is no file on this machine and `--lock` names none.
 */
export function lockFileOf(
  { common: { lock }, file }: Pick<CommandContext, "common" | "file">,
): string {
  if (lock !== undefined) return lock;
  if (file === null) {
    throw new InputError("There is no pipeline file whose lock to take: name a lock with --lock");
  }
  const isUrl = /^[a-z]{2,}:/.test(file); // a single letter is a drive of Windows
  if (isUrl && !file.startsWith("file:")) {
    throw new InputError(`No lock can lie beside '${file}': name one with --lock`);
  }
  const path = isUrl ? relative(Deno.cwd(), fileURLToPath(file)) : file;
  return path.replace(/\.([cm]?[jt]s|[jt]sx|json)$/, "") + ".lock.json";
}
