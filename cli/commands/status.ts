import type { CommandDefinition } from "../command.ts";
import { withExecution } from "../session.ts";

/** What is stored, and what is yet to be run. */
export const status: CommandDefinition = {
  name: "status",
  description: "say for each node whether its result is stored",
  on: "pipeline",
  flags: ["backend", "folder"],
  examples: [["", "what a run would do"]],
  action: (context) =>
    withExecution(context, async (execution) => {
      const rows: { node: string; stored: boolean }[] = [];
      for (const { id, kind } of execution.graph.nodes) {
        if (kind !== "training" && kind !== "solver" && kind !== "metric") continue;
        rows.push({ node: id, stored: await execution.stored(id) !== null });
      }
      context.terminal.table(
        ["node", "state"],
        rows.map(({ node, stored }) => [node, stored ? "up to date" : "to be run"]),
      );
      return rows;
    }),
};
