import { writeNpy } from "../../runtime/data/mod.ts";
import { writablePlace } from "../../runtime/files.ts";
import { modelOf } from "../../runtime/run.ts";
import type { CommandDefinition } from "../command.ts";
import { positiveInteger, wholeNumber } from "../flags.ts";
import { withExecution } from "../session.ts";
import { showSolve } from "../show.ts";
import { summaryOf } from "../summary.ts";

/** Samples into a file. */
export const sample: CommandDefinition = {
  name: "sample",
  description: "draw samples into a .npy file",
  on: "pipeline",
  makes: ["training"],
  flags: ["backend", "threads", "folder", "force", "checkpointEvery"],
  examples: [
    ["-n 10000 --to moons.npy", "draw 10,000 samples"],
    ["--seed 1", "draw others than by default"],
  ],
  configure: (command) => {
    command
      .option("-n, --count <n>", "number of samples", positiveInteger, 1_000)
      .option("--seed <n>", "seed of the draw; by default the pipeline's", wholeNumber)
      .option("--to <file>", "file to write", "samples.npy");
  },
  action: async (context) => {
    const { count, seed, to } = context.options as { count: number; seed?: number; to: string };
    await writablePlace(to); // known before anything long is begun
    return await withExecution(context, async (execution, options) => {
      const model = await modelOf(execution);
      const samples = await model.sample(count, { seed });
      await writeNpy(to, samples);
      showSolve(context.terminal, samples);
      context.terminal.info(`${count} samples [${samples.shape.join(", ")}] in ${to}`);
      return summaryOf(execution, options, { files: [to] });
    });
  },
};
