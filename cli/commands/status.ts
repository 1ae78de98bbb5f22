import type { CommandDefinition } from "../command.ts";
import { showPlan } from "../plan.ts";
import { withExecution } from "../session.ts";

/** What is stored, and what is yet to be run. */
export const status: CommandDefinition = {
  name: "status",
  description: "say of each node whether its result is stored, and if not, what changed",
  on: "pipeline",
  flags: ["backend", "folder"],
  examples: [
    ["", "what a run would do, and why"],
    ["--set training.steps=500", "what a run with another setting would do"],
  ],
  action: (context) =>
    withExecution(context, (execution) => showPlan(context, execution), { headline: false }),
};
