import { InputError } from "../dsl/mod.ts";
import type { CommandContext } from "./command.ts";
import { placeOf } from "./start.ts";

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
  const place = placeOf(file);
  if (/^[a-z]{2,}:/.test(place)) {
    throw new InputError(`No lock can lie beside '${file}': name one with --lock`);
  }
  return place.replace(/\.([cm]?[jt]s|[jt]sx|json)$/, "") + ".lock.json";
}
