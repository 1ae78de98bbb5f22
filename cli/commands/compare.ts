import { InputError } from "../../dsl/mod.ts";
import { fileOperation, isThere } from "../../runtime/files.ts";
import {
  type ComparedMetric,
  compareRuns,
  type Comparison,
  type Side,
} from "../../runtime/replay/compare.ts";
import { readLock } from "../../runtime/replay/lock.ts";
import { lastRun, readOutcome } from "../../runtime/replay/runs.ts";
import type { CommandContext, CommandDefinition } from "../command.ts";
import { isPipelineFile } from "../load_pipeline.ts";
import { lockFileOf } from "../lock_file.ts";
import {
  formatDuration,
  formatMeasured,
  formatNumber,
  type Paint,
  type Terminal,
} from "../terminal/mod.ts";

/** Two runs, or a run and a lock, side by side. */
export const compare: CommandDefinition = {
  name: "compare",
  description: "put two runs side by side: metrics, settings that differ, timings",
  on: "nothing",
  flags: ["folder", "lock"],
  examples: [
    ["runs/two-moons/1f0c7a2b9d3e runs/two-moons/52529a378375", "two runs"],
    ["runs/two-moons/1f0c7a2b9d3e --lock moons.lock.json", "a run with a lock"],
  ],
  configure: (command) => {
    command
      .argument(
        "[runs...]",
        "run folders or lock files; one is compared with the lock of the pipeline file, and without any the last run is. " +
          "A pipeline file may stand before them",
      );
  },
  action: async (context) => {
    const [a, b] = await sides(context);
    const comparison = compareRuns(a, b);
    show(context.terminal, comparison);
    return comparison;
  },
};

/** What to compare with what. */
async function sides({ args, file, common }: CommandContext): Promise<[Side, Side]> {
  const named = args.length > 0 && !args[0].endsWith(".lock.json") && isPipelineFile(args[0]);
  const runs = named ? args.slice(1) : args;
  if (runs.length > 2) {
    throw new InputError(`compare takes two runs at most, found ${runs.length}`);
  }
  if (runs.length === 2) return [await sideOf(runs[0]), await sideOf(runs[1])];
  const lock = lockFileOf({ common, file: named ? args[0] : file });
  if (!await isThere(lock)) {
    throw new InputError(
      `There is no lock to compare with: '${lock}' is not there. ` +
        "Write it with `run --write-lock`, name another with --lock, or name two run folders",
    );
  }
  const locked = await sideOf(lock);
  const run = runs[0] ?? await lastRun(common.folder, locked.outcome.pipeline);
  if (run === null) {
    throw new InputError(
      `There is no finished run of '${locked.outcome.pipeline}' in '${common.folder}' to compare with '${lock}': ` +
        `run the pipeline first, or name a run folder`,
    );
  }
  return [locked, await sideOf(run)];
}

/** The run in a folder, or the lock in a file. */
async function sideOf(path: string): Promise<Side> {
  const { isDirectory } = await fileOperation("read", path, () => Deno.stat(path));
  if (isDirectory) return { label: path, ...await readOutcome(path) };
  return { label: path, outcome: await readLock(path) };
}

function show(terminal: Terminal, { a, b, metrics, settings, timings }: Comparison): void {
  terminal.info(`A: ${a.label} (${a.hash.slice(0, 12)})`);
  terminal.info(`B: ${b.label} (${b.hash.slice(0, 12)})\n`);
  const measured = (side: ComparedMetric["a"]): string =>
    side === null ? "none" : formatMeasured(side.value, side.standardError);
  if (metrics.length > 0) {
    terminal.table(
      ["metric", "A", "B", "change", "B is"],
      metrics.map((metric) => [
        metric.name,
        measured(metric.a),
        measured(metric.b),
        changeOf(metric),
        verdictOf(metric, terminal.paint),
      ]),
      ["A", "B", "change"],
    );
  }
  terminal.info(settings.length === 0 ? "\nno setting differs" : "");
  if (settings.length > 0) {
    terminal.table(
      ["setting", "A", "B"],
      settings.map((setting) => [setting.path, shown(setting.a), shown(setting.b)]),
    );
  }
  if (timings.length > 0) {
    const time = (seconds: number | null): string =>
      seconds === null ? "" : formatDuration(seconds);
    terminal.info("");
    terminal.table(
      ["node", "A", "B"],
      timings.map((timing) => [timing.node, time(timing.a), time(timing.b)]),
      ["A", "B"],
    );
  }
}

function changeOf({ change, standardError }: ComparedMetric): string {
  if (change === null) return "";
  return `${change > 0 ? "+" : ""}${
    standardError === null ? formatNumber(change, 3) : formatMeasured(change, standardError)
  }`;
}

function verdictOf({ verdict }: ComparedMetric, { good, bad }: Paint): string {
  if (verdict === null) return "";
  return verdict === "better" ? good(verdict) : verdict === "worse" ? bad(verdict) : verdict;
}

/** A setting as a cell. */
function shown(value: unknown): string {
  if (value === undefined) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/, "$1");
}
