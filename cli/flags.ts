import { type Command, InvalidArgumentError, Option } from "npm:commander@15.1.0";
import { BACKEND_NAMES } from "../runtime/backends/mod.ts";

/** Name of a shared flag. */
export type Flag =
  | "set"
  | "dry"
  | "backend"
  | "threads"
  | "folder"
  | "force"
  | "checkpointEvery"
  | "lock"
  | "json"
  | "quiet";

/** Flags that commands share; each has one name, one meaning and one default everywhere. */
export const FLAGS: Readonly<Record<Flag, Option>> = {
  set: new Option("--set <field=value>", "change a field, as in training.steps=500; repeatable")
    .argParser((setting, before: readonly string[] = []) => [...before, setting]),
  backend: new Option("--backend <name>", "what runs the programs")
    .choices(["auto", ...BACKEND_NAMES]).default("auto"),
  threads: new Option(
    "--threads <n>",
    "cores to use; by default all. Any number gives the same bits",
  )
    .argParser(positiveInteger),
  folder: new Option("--folder <path>", "folder of all runs").default("runs"),
  dry: new Option("--dry", "only say what would be run, and why"),
  force: new Option("--force", "run every node again, whatever is stored"),
  checkpointEvery: new Option(
    "--checkpoint-every <seconds>",
    "time between checkpoints of training",
  )
    .argParser(seconds).default(15),
  lock: new Option(
    "--lock <file>",
    "lock file; by default <name>.lock.json beside the pipeline file <name>.ts",
  ),
  json: new Option("--json", "print one JSON document on stdout; text for people goes to stderr"),
  quiet: new Option("--quiet", "print no text for people"),
};

/** Adds shared flags to a command. */
export function addFlags(command: Command, flags: readonly Flag[]): void {
  for (const flag of flags) command.addOption(FLAGS[flag]);
}

/** Reads the value of a flag that counts something. */
export function positiveInteger(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError("It must be at least 1.");
  return value;
}

/** Reads the value of a flag that is a duration. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < Infinity)) {
    throw new InvalidArgumentError("It must be a number of seconds, at least 0.");
  }
  return value;
}

/** Reads the value of a flag that is a whole number from 0. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError("It must be a whole number.");
  }
  return value;
}
