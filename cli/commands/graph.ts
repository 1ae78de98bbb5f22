import { Option } from "npm:commander@15.1.0";
import { mermaid } from "../../compiler/mermaid.ts";
import { tree } from "../../compiler/tree.ts";
import type { CommandDefinition } from "../command.ts";
import { withExecution } from "../session.ts";

/** The execution graph. */
export const graph: CommandDefinition = {
  name: "graph",
  description: "show the execution graph",
  on: "pipeline",
  flags: ["backend", "folder"],
  examples: [
    ["", "as a tree with shapes, parameters and FLOPs"],
    ["--mermaid > moons.mmd", "as a Mermaid flowchart"],
  ],
  configure: (command) => {
    command.addOption(new Option("--mermaid", "as a Mermaid flowchart").conflicts("json"));
  },
  action: (context) =>
    withExecution(context, ({ graph }) => {
      if (context.options.mermaid) context.print(mermaid(graph));
      else context.terminal.tree(tree(graph));
      return Promise.resolve(graph);
    }, { headline: false }),
};
