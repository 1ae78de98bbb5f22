import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Origin } from "../runtime/run.ts";
import type { CommandContext } from "./command.ts";

/** How people start a program, from the URL of its main module. */
export function startOf(mainModule: string): string {
  return `deno run -A ${shellWord(placeOf(mainModule))}`;
}

/** A file as people name it: its path from where they are, or its URL. */
export function placeOf(file: string): string {
  const isUrl = /^[a-z]{2,}:/.test(file); // a single letter is a drive of Windows
  if (isUrl && !file.startsWith("file:")) return file;
  return relative(".", isUrl ? fileURLToPath(file) : file);
}

/** The pipeline file of a command, and the command line that runs it with the same settings; undefined without a file. */
export function originOf(
  { file, common: { set = [] } }: Pick<CommandContext, "file" | "common">,
  mainModule: string,
): Origin | undefined {
  if (file === null) return undefined;
  const place = placeOf(file);
  const words = ["run", ...(file === mainModule ? [] : [place])];
  const settings = set.flatMap((setting) => ["--set", setting]);
  const rest = [...words, ...settings].map(shellWord).join(" ");
  return { file: place, command: `${startOf(mainModule)} ${rest}` };
}

/** A word as a shell reads it. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
