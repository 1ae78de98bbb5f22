import type { NodeKind } from "../compiler/ports.ts";
import { nodeOf } from "../compiler/execution_graph.ts";
import type { Execution } from "../runtime/execution.ts";
import { type Planned, STORED } from "../runtime/plan.ts";
import { runFolder } from "../runtime/run.ts";
import type { CommandContext } from "./command.ts";
import { formatDuration } from "./terminal/mod.ts";

/** The document of a plan. */
export interface PlanDocument {
  readonly name: string;
  readonly hash: string;
  readonly seed: number;
  readonly backend: string;
  readonly folder: string;
  readonly nodes: readonly Planned[];
}

/** Shows which nodes of these kinds are stored, which are to be run, and why; does nothing else. */
export async function showPlan(
  { terminal, common }: CommandContext,
  execution: Execution,
  kinds: readonly NodeKind[] = STORED,
): Promise<PlanDocument> {
  const { graph, backend } = execution;
  const plan = (await execution.plan()).filter(({ node }) =>
    kinds.includes(nodeOf(graph, node).kind)
  );
  const nodes = common.force ? plan.map(forced) : plan;
  terminal.info(`${graph.spec.name} ${graph.hash.slice(0, 12)} on ${backend.name}`);
  terminal.table(
    ["node", "state", "why"],
    nodes.map(({ node, stored, seconds, reasons }) => [
      node,
      stored ? terminal.paint.good("up to date") : terminal.paint.warn("to be run"),
      stored ? (seconds === null ? "" : `took ${formatDuration(seconds)}`) : reasons.join("\n"),
    ]),
  );
  for (const [hash, compared] of Map.groupBy(nodes, ({ since }) => since?.hash)) {
    if (hash === undefined) continue;
    const names = compared.map(({ node }) => node).join(", ");
    const made = compared.map(({ since }) => since!.made).sort().at(-1)!;
    terminal.info(
      `${names}: compared with ${graph.spec.name} ${hash.slice(0, 12)} of ${
        made.slice(0, 16).replace("T", " ")
      } UTC`,
    );
  }
  return {
    name: graph.spec.name,
    hash: graph.hash,
    seed: graph.spec.seed,
    backend: backend.name,
    folder: runFolder(graph, common),
    nodes,
  };
}

/** A node that `--force` runs again. */
function forced(planned: Planned): Planned {
  return planned.stored
    ? { ...planned, stored: false, reasons: ["--force runs it again"], since: null }
    : planned;
}
