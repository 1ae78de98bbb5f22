import { join } from "node:path";
import { isThere } from "../files.ts";
import { InputError, parse } from "../../dsl/mod.ts";
import type { MetricResult } from "../metrics.ts";
import { readNotes } from "../record.ts";
import { runJson, runText } from "../run_file.ts";
import type { Timing } from "../run.ts";
import { outcomeOf, type RunOutcome } from "./outcome.ts";

/**
 * What the run of a folder came out as, and how long its nodes took.
 *
 * @throws {InputError} If it is not the folder of a finished run, is damaged, or was written in another format.
 */
export async function readOutcome(
  folder: string,
): Promise<{ readonly outcome: RunOutcome; readonly timings: readonly Timing[] }> {
  const notes = await readNotes(folder);
  const metrics = await runJson(folder, "metrics.json") as readonly MetricResult[];
  return {
    outcome: outcomeOf(notes, parse(await runText(folder, "spec.json")), metrics),
    timings: notes.timings,
  };
}

/**
 * The run folder of a pipeline that was finished last; null if there is none. Runs that cannot be read, such as those of another
 * format, are passed over.
 */
export async function lastRun(root: string, name: string): Promise<string | null> {
  const parent = join(root, name);
  if (!await isThere(parent)) return null;
  let last: { folder: string; finished: string } | null = null;
  for await (const entry of Deno.readDir(parent)) {
    const folder = join(parent, entry.name);
    if (!entry.isDirectory || !await isThere(join(folder, "run.json"))) continue;
    const notes = await readNotes(folder).catch((error) => {
      if (error instanceof InputError) return null;
      throw error;
    });
    if (notes === null) continue;
    const { finished } = notes;
    if (last === null || finished > last.finished) last = { folder, finished };
  }
  return last?.folder ?? null;
}
