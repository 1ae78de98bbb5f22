/**
 * What makes a pipeline file a program.
 *
 * @module
 */
import { parse, type PipelineSpec } from "../dsl/mod.ts";
import { failureOf } from "./failure.ts";
import { buildProgram, dispatch, type Pipelines } from "./program.ts";
import { startOf } from "./start.ts";
import { writerTo } from "./terminal/mod.ts";

/** The command line as a program of its own; it imports this file, so this file cannot import it. */
const COMMAND_LINE = new URL("./main.ts", import.meta.url).href;

/**
 * Makes a pipeline file a program: `deno run -A moons.ts` does the whole job, `deno run -A moons.ts --help` lists
 * the commands that do parts of it.
 *
 * Ends the process with 0 (ok), 1 (a check failed), 2 (the user's input), 3 (a fault of ours) or 130 (Ctrl-C).
 *
 * @param spec The pipeline.
 * @param args The command line, without the program's name.
 *
 * @example A pipeline file's last line
 * ```ts ignore
 * if (import.meta.main) await main(moons);
 * ```
 */
export async function main(spec: PipelineSpec, args: readonly string[] = Deno.args): Promise<void> {
  const file = Deno.mainModule;
  if (file === COMMAND_LINE) return; // it was given this pipeline's file, and runs the command itself
  await runCommands({ file, read: () => Promise.resolve(parse(spec)) }, args);
}

/** Runs a command line and ends the process with the exit code of its outcome. */
export async function runCommands(pipelines: Pipelines, args: readonly string[]): Promise<void> {
  let code: number;
  try {
    code = await dispatch(buildProgram(pipelines, startOf(Deno.mainModule)), args);
  } catch (error) {
    const failure = failureOf(error);
    writerTo(Deno.stderr)(`error: ${failure.message}\n`);
    code = failure.code;
  }
  Deno.exit(code);
}
