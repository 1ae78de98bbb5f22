import { writablePlace } from "../../runtime/files.ts";
import { readRecord } from "../../runtime/record.ts";
import { lockOf, writeLock } from "../../runtime/replay/lock.ts";
import { finish } from "../../runtime/run.ts";
import { warningOf } from "../../runtime/solving/report.ts";
import type { CommandDefinition } from "../command.ts";
import { lockFileOf } from "../lock_file.ts";
import { drawPictures } from "../pictures.ts";
import { withExecution } from "../session.ts";
import { showMetrics, showTimings } from "../show.ts";
import { originOf } from "../start.ts";
import { summaryOf } from "../summary.ts";

/** The whole job of a pipeline. */
export const run: CommandDefinition = {
  name: "run",
  description: "do the whole job: train, sample, measure, draw",
  on: "pipeline",
  makes: ["training", "solver", "metric"],
  flags: ["backend", "threads", "folder", "force", "checkpointEvery", "lock"],
  examples: [
    ["", "do what has not been done yet"],
    ["--force --backend wasm", "do it all again, in WebAssembly"],
    ["--write-lock", "and write moons.lock.json, which 'verify' holds replays to"],
  ],
  configure: (command) => {
    command.option("--write-lock", "write the lock file, which 'verify' holds replays to");
  },
  action: async (context) => {
    const lock = context.options.writeLock ? lockFileOf(context) : null;
    if (lock !== null) await writablePlace(lock); // known before anything long is begun
    return await withExecution(context, async (execution, options) => {
      const { terminal } = context;
      const origin = originOf(context, Deno.mainModule);
      const run = await finish(execution, { ...options, origin });
      const warning = warningOf(run.samples.solve);
      if (warning !== null) terminal.warn(`samples: ${warning}`);
      const files = [...run.files, ...await drawPictures(await readRecord(run.folder), options)];
      showMetrics(terminal, run.metrics);
      showTimings(terminal, execution);
      terminal.info(`\nfiles in ${run.folder}:`);
      for (const file of files) terminal.info(`  ${file.slice(run.folder.length + 1)}`);
      if (lock !== null) {
        await writeLock(lock, lockOf(run.outcome));
        terminal.info(`\nlocked in ${lock}`);
        files.push(lock);
      }
      const { metrics, loss } = run;
      return summaryOf(execution, options, { metrics, files, loss });
    });
  },
};
