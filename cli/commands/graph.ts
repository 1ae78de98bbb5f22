import { Option } from "npm:commander@15.1.0";
import { dot } from "../../compiler/dot.ts";
import { mermaid } from "../../compiler/mermaid.ts";
import { tree } from "../../compiler/tree.ts";
import { prepare } from "../../runtime/prepare.ts";
import type { CommandDefinition } from "../command.ts";

/** The execution graph. No backend is loaded: it is shown as it is for all of them. */
export const graph: CommandDefinition = {
  name: "graph",
  description: "show the execution graph",
  on: "pipeline",
  flags: [],
  examples: [
    ["", "as a tree with shapes, parameters and FLOPs"],
    ["--mermaid > moons.mmd", "as a Mermaid flowchart, for a README"],
    ["--dot | dot -Tsvg > moons.svg", "as a picture, by Graphviz"],
    ["--wgsl", "as the kernels that a GPU would run"],
  ],
  configure: (command) => {
    command
      .addOption(
        new Option("--mermaid", "as a Mermaid flowchart").conflicts(["dot", "wgsl", "json"]),
      )
      .addOption(
        new Option("--dot", "in Graphviz's language").conflicts(["mermaid", "wgsl", "json"]),
      )
      .addOption(
        new Option(
          "--wgsl",
          "the kernels that a training step and a solve are compiled to for a GPU",
        )
          .conflicts(["mermaid", "dot", "json"]),
      );
  },
  action: async ({ spec, options, print, terminal }) => {
    const { graph } = await prepare(await spec());
    if (options.mermaid) print(mermaid(graph));
    else if (options.dot) print(dot(graph));
    else if (options.wgsl) {
      const { kernelsOf } = await import("../../runtime/kernels.ts");
      print(kernelsOf(graph));
    } else terminal.tree(tree(graph));
    return graph;
  },
};
