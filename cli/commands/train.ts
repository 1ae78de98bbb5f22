import type { CommandDefinition } from "../command.ts";
import { withExecution } from "../session.ts";
import { showTimings } from "../show.ts";
import { summaryOf } from "../summary.ts";

/** The training alone. */
export const train: CommandDefinition = {
  name: "train",
  description: "train the velocity, or say that it is trained already",
  on: "pipeline",
  makes: ["training"],
  flags: ["backend", "threads", "folder", "force", "checkpointEvery"],
  examples: [["", "train, or go on with a training that was stopped"]],
  action: (context) =>
    withExecution(context, async (execution, options) => {
      const { loss } = await execution.weights();
      if (loss === null) context.terminal.info("the velocity is a closed form: nothing to train");
      showTimings(context.terminal, execution);
      return summaryOf(execution, options, { loss });
    }),
};
