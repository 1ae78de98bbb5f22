import { hash, InputError } from "../../dsl/mod.ts";
import { isThere, writablePlace } from "../../runtime/files.ts";
import { lastRun } from "../../runtime/replay/runs.ts";
import { runFolder } from "../../runtime/run.ts";
import { join } from "node:path";
import type { CommandContext, CommandDefinition } from "../command.ts";
import { report as writeReport } from "../report.ts";

/** The report of a finished run. */
export const report: CommandDefinition = {
  name: "report",
  description: "write the report of a finished run, one HTML file, from its folder alone",
  on: "pipeline",
  flags: ["folder"],
  examples: [
    ["", "of the pipeline's run, as report.html in its folder"],
    ["--to report.html", "to a file of this name"],
  ],
  configure: (command) => {
    command
      .argument("[run]", "a run folder instead; it may also stand in the pipeline's place")
      .option("--to <file>", "file to write; by default report.html in the run folder");
  },
  action: async (context) => {
    const { to } = context.options as { to?: string };
    const folder = await runFolderOf(context);
    if (to !== undefined) await writablePlace(to);
    const file = await writeReport(folder, to === undefined ? {} : { to });
    context.terminal.info(`report of ${folder} in ${file}`);
    return { folder, file };
  },
};

async function runFolderOf(context: CommandContext): Promise<string> {
  const { args, file, common } = context;
  const given = args[0] ?? (file !== null && await isFolder(file) ? file : null);
  if (given !== null) return given;
  const spec = await context.spec();
  const folder = runFolder({ spec, hash: hash(spec) }, common);
  if (await isThere(join(folder, "run.json"))) return folder;
  const last = await lastRun(common.folder, spec.name);
  throw new InputError(
    `There is no finished run of '${spec.name}' with these settings in '${common.folder}': 'run' makes one` +
      (last === null ? "" : `. Of other settings the last one is '${last}'`),
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => null))?.isDirectory ?? false;
}
