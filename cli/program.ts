import { Command, CommanderError } from "npm:commander@15.1.0";
import { CODE } from "../compiler/compile.ts";
import { InputError, type PipelineSpec } from "../dsl/mod.ts";
import { nearest } from "../dsl/schema/words.ts";
import { toJson } from "../runtime/json.ts";
import { CheckFailed } from "../runtime/outcome.ts";
import type { CommandContext, CommandDefinition, CommonOptions } from "./command.ts";
import { COMMANDS } from "./commands/mod.ts";
import { addFlags } from "./flags.ts";
import { isPipelineFile } from "./load_pipeline.ts";
import { showPlan } from "./plan.ts";
import { withExecution } from "./session.ts";
import { withSettings } from "./settings.ts";
import { createTerminal, type Terminal, writerTo } from "./terminal/mod.ts";

/** Where the pipelines come from that commands work on. */
export interface Pipelines {
  /** Reads the pipeline at this path or URL. */
  read(file: string): Promise<PipelineSpec>;
  /** The file of the one pipeline there is; null when each command line names its own. */
  readonly file: string | null;
}

/**
 * Builds the command line from the list of commands.
 *
 * @param start How people start it, such as `deno run -A moons.ts`: what help and examples begin with.
 */
export function buildProgram(pipelines: Pipelines, start: string): Command {
  const standalone = pipelines.file === null;
  const program = new Command("pushforward")
    .usage("<command> [options]")
    .description("Train, sample and measure a flow-based generative model")
    .version(CODE.release, "--version", "print the version")
    .exitOverride()
    // By default commander asks the environment, which needs --allow-env.
    .configureOutput({ getOutHasColors: () => false, getErrHasColors: () => false })
    .showHelpAfterError("(--help shows what is accepted)")
    .addHelpText(
      "after",
      `\nIt is started by \`${start}\`${
        standalone ? "" : ", which without a command means run"
      }; ` +
        `\`${start} help <command>\` shows options and examples.`,
    );
  for (const definition of COMMANDS) addCommand(program, definition, pipelines, start);
  return program;
}

function addCommand(
  program: Command,
  definition: CommandDefinition,
  pipelines: Pipelines,
  start: string,
): void {
  const { name, description, on, makes, flags, examples, configure, action } = definition;
  const standalone = pipelines.file === null;
  const named = standalone && on === "pipeline";
  const command = program.command(name, { isDefault: name === "run" && !standalone })
    .description(description);
  if (named) command.argument("<pipeline>", "pipeline file, spec.json, or the URL of one");
  configure?.(command);
  if (on === "pipeline") addFlags(command, ["set"]);
  if (makes !== undefined) addFlags(command, ["dry"]);
  addFlags(command, [...flags, "json", "quiet"]);
  const line = [start, name, ...(named ? ["moons.ts"] : [])].join(" ");
  command.addHelpText("after", exampleText(examples, line));
  command.action(async () => {
    const options = command.opts<CommonOptions & Record<string, unknown>>();
    const file = named ? command.args[0] : pipelines.file;
    let failure: string | null = null;
    const context: CommandContext = {
      spec: async () => {
        if (file !== null) return withSettings(await pipelines.read(file), options.set ?? []);
        throw new InputError(`'${name}' needs a pipeline for this: run it from a pipeline file`);
      },
      file,
      common: options,
      options,
      args: named ? command.args.slice(1) : command.args,
      terminal: terminalOf(options),
      print: options.json ? () => {} : writerTo(Deno.stdout),
      fail: (message) => failure = message,
    };
    const document = options.dry
      ? await withExecution(context, (execution) => showPlan(context, execution, makes), {
        headline: false,
      })
      : await action(context);
    if (options.json) writerTo(Deno.stdout)(toJson(document, 2) + "\n");
    if (failure !== null) throw new CheckFailed(failure);
  });
}

function exampleText(examples: CommandDefinition["examples"], line: string): string {
  const lines = examples.map(([args, does]) => `  # ${does}\n  ${`${line} ${args}`.trimEnd()}`);
  return `\nExamples:\n${lines.join("\n")}`;
}

/** The terminal that a command's people see: stderr when stdout carries the document, nothing when quiet. */
function terminalOf({ json, quiet }: { json?: boolean; quiet?: boolean }): Terminal {
  if (quiet) return createTerminal({ write: () => {} });
  return json
    ? createTerminal({ tty: Deno.stderr.isTerminal(), write: writerTo(Deno.stderr) })
    : createTerminal();
}

/** Runs the commands on these arguments; what commander has already said (help, a wrong option) is an exit code. */
export async function dispatch(program: Command, args: readonly string[]): Promise<number> {
  const names = [...program.commands.map((command) => command.name()), "help"];
  const [first] = args;
  if (first === "complete") {
    const { addCompletions } = await import("./completions.ts");
    await addCompletions(program);
    names.push(first);
  }
  if (first === "help" && args.length > 1) known(args[1], names);
  else if (first !== undefined && !first.startsWith("-")) known(first, names);
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}

/** @throws {InputError} If there is no such command. */
function known(name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  if (isPipelineFile(name)) {
    throw new InputError(
      `'${name}' is a file, and a command comes before it: there are ${names.join(", ")}`,
    );
  }
  const meant = nearest(name, names);
  const guess = meant === undefined ? ": there are" : `; did you mean '${meant}'? There are`;
  throw new InputError(`unknown command '${name}'${guess} ${names.join(", ")}`);
}
