import { type Execution, openExecution } from "../runtime/execution.ts";
import type { OnProgress } from "../runtime/progress.ts";
import type { RunOptions } from "../runtime/run.ts";
import type { CommandContext } from "./command.ts";
import type { Terminal } from "./terminal/mod.ts";

/**
 * Lets a command work with its options for runs. Ctrl-C stops the work at the next safe point; a second Ctrl-C ends the
 * process at once.
 */
export async function withOptions<T>(
  { terminal, common }: CommandContext,
  work: (options: RunOptions) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController();
  const onInterrupt = (): void => {
    Deno.removeSignalListener("SIGINT", onInterrupt);
    terminal.warn("stopping; what is done is kept (Ctrl-C again: at once)");
    interruption.abort();
  };
  Deno.addSignalListener("SIGINT", onInterrupt);
  const progress = progressOn(terminal);
  try {
    return await work({
      backend: common.backend,
      threads: common.threads,
      folder: common.folder,
      force: common.force ?? false,
      checkpointEvery: common.checkpointEvery,
      signal: interruption.signal,
      onProgress: progress.show,
      onWarning: (text) => terminal.warn(text),
    });
  } finally {
    progress.end();
    Deno.removeSignalListener("SIGINT", onInterrupt);
  }
}

/**
 * Opens a command's pipeline, lets it work, and closes what was opened; see {@link withOptions}.
 *
 * @param show `headline`: whether to say which pipeline runs on what; not where a command prints its result.
 */
export async function withExecution<T>(
  context: CommandContext,
  work: (execution: Execution, options: RunOptions) => Promise<T>,
  show: { readonly headline: boolean } = { headline: true },
): Promise<T> {
  const spec = await context.spec();
  return await withOptions(context, async (options) => {
    const execution = await openExecution(spec, options);
    try {
      const { backend, graph } = execution;
      if (show.headline) {
        context.terminal.info(
          `${graph.spec.name} ${graph.hash.slice(0, 12)} on ${backend.name}: ${backend.reason}`,
        );
      }
      return await work(execution, options);
    } finally {
      await execution.close();
    }
  });
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
