import { createTerminal, formatDuration, type Terminal, writerTo } from "./terminal/mod.ts";
import type { PipelineSpec } from "../dsl/mod.ts";
import type { BackendChoice } from "../runtime/backends/mod.ts";
import { type Execution, openExecution } from "../runtime/execution.ts";
import { toJson } from "../runtime/json.ts";
import type { OnProgress } from "../runtime/progress.ts";
import type { RunOptions } from "../runtime/run.ts";

/** The options that every command which does work has. */
export interface CommonOptions {
  readonly backend: BackendChoice;
  readonly folder: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What a command works with. */
export interface Session {
  readonly terminal: Terminal;
  readonly execution: Execution;
  readonly options: RunOptions;
}

/**
 * Opens a pipeline for a command, lets it work, and closes what was opened. Ctrl-C stops the work at the next
 * safe point; a second Ctrl-C ends the process at once.
 *
 * @param work Returns the document that `--json` prints.
 */
export async function session(
  spec: PipelineSpec,
  common: CommonOptions,
  work: (session: Session) => Promise<unknown>,
): Promise<void> {
  const terminal = terminalOf(common);
  const interruption = new AbortController();
  const onInterrupt = (): void => {
    Deno.removeSignalListener("SIGINT", onInterrupt);
    terminal.warn("stopping; what is done is kept (Ctrl-C again: at once)");
    interruption.abort();
  };
  Deno.addSignalListener("SIGINT", onInterrupt);
  const progress = progressOn(terminal);
  const options: RunOptions = {
    backend: common.backend,
    folder: common.folder,
    force: common.force ?? false,
    signal: interruption.signal,
    onProgress: progress.show,
    onWarning: (text) => terminal.warn(text),
  };
  try {
    const execution = await openExecution(spec, options);
    try {
      const { backend, graph } = execution;
      terminal.info(
        `${graph.spec.name} ${graph.hash.slice(0, 12)} on ${backend.name}: ${backend.reason}`,
      );
      const document = await work({ terminal, execution, options });
      if (common.json) writerTo(Deno.stdout)(toJson(document, 2) + "\n");
    } finally {
      await execution.close();
    }
  } finally {
    progress.end();
    Deno.removeSignalListener("SIGINT", onInterrupt);
  }
}

/** The terminal that a command's people see: stderr when stdout carries the document, nothing when quiet. */
export function terminalOf({ json, quiet }: { json?: boolean; quiet?: boolean }): Terminal {
  if (quiet) return createTerminal({ write: () => {} });
  return json
    ? createTerminal({ tty: Deno.stderr.isTerminal(), write: writerTo(Deno.stderr) })
    : createTerminal();
}

/** Says which nodes were done, how long they took, and which were there already. */
export function showTimings(terminal: Terminal, execution: Execution): void {
  const done = execution.timings.map(({ node, seconds, stored }) =>
    `${node} ${stored ? "already there" : formatDuration(seconds)}`
  );
  terminal.info(done.join(", "));
}

/** Shows each node's progress as one bar after the other; `end` finishes what a failure left open. */
function progressOn(terminal: Terminal): { show: OnProgress; end(): void } {
  let current: { node: string; bar: ReturnType<Terminal["progress"]> } | null = null;
  const end = (): void => {
    current?.bar.finish();
    current = null;
  };
  return {
    show({ node, unit, done, total, loss }) {
      if (current?.node !== node) {
        end();
        current = { node, bar: terminal.progress(node, total, { unit, from: done }) };
      }
      current.bar.update(done, loss);
      if (done >= total) end();
    },
    end,
  };
}
