import type { CommandDefinition } from "../command.ts";
import { withExecution } from "../session.ts";
import { showMetrics, showTimings } from "../show.ts";
import { summaryOf } from "../summary.ts";

/** The metrics of a pipeline. */
export const metrics: CommandDefinition = {
  name: "metrics",
  description: "measure the pipeline's metrics",
  on: "pipeline",
  makes: ["training", "metric"],
  flags: ["backend", "threads", "folder", "force", "checkpointEvery"],
  examples: [["--json", "as a JSON document, for a script"]],
  action: (context) =>
    withExecution(context, async (execution, options) => {
      const metrics = await execution.metrics();
      showMetrics(context.terminal, metrics);
      showTimings(context.terminal, execution);
      return summaryOf(execution, options, { metrics });
    }),
};
