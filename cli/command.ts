import type { Command } from "npm:commander@15.1.0";
import type { NodeKind } from "../compiler/ports.ts";
import type { PipelineSpec } from "../dsl/mod.ts";
import type { BackendChoice } from "../runtime/backends/mod.ts";
import type { Flag } from "./flags.ts";
import type { Terminal } from "./terminal/mod.ts";

/** A command: one file in `commands/`, and one line in its `mod.ts`. */
export interface CommandDefinition {
  readonly name: string;
  /** What it does, in a line. */
  readonly description: string;
  /**
   * What it works on. `cli/main.ts` takes the pipeline of a command on a pipeline as its first argument; a pipeline
   * file that is run itself knows its pipeline, and all arguments are the command's own.
   */
  readonly on: "pipeline" | "nothing";
  /** Kinds of node whose results it makes, where they are not stored; with any it takes `--dry`. */
  readonly makes?: readonly NodeKind[];
  /** Shared flags that it takes, besides `--json` and `--quiet`, and `--set` on a pipeline, which all take. */
  readonly flags: readonly Flag[];
  /** Command lines without the program's name, each with what it does. */
  readonly examples: readonly (readonly [args: string, does: string])[];
  /** Adds the options and arguments that are its own. */
  readonly configure?: (command: Command) => void;
  /** Does the work. */
  readonly action: (context: CommandContext) => Promise<unknown>;
}

/** The values of the shared flags, as far as a command takes them. */
export interface CommonOptions {
  readonly set?: readonly string[];
  readonly backend: BackendChoice;
  readonly threads?: number;
  readonly folder: string;
  readonly dry?: boolean;
  readonly force?: boolean;
  readonly checkpointEvery?: number;
  readonly lock?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What a command is given. What its action returns is the one document that `--json` prints. */
export interface CommandContext {
  /** The pipeline, with the settings of `--set`. Of a command on nothing: that of the pipeline file that is run, or an error that asks for one. */
  spec(): Promise<PipelineSpec>;
  /** Path or URL of the pipeline file, or of `spec.json`; null if there is none. */
  readonly file: string | null;
  /** The values of the shared flags. */
  readonly common: CommonOptions;
  /** The values of all flags, by name in camel case. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Arguments without the pipeline. */
  readonly args: readonly string[];
  /** Takes text for people. */
  readonly terminal: Terminal;
  /** Writes a result on stdout as it is; with `--json` nothing, as the document takes its place. */
  print(text: string): void;
  /** Ends the command with exit code 1 and this message, once its document is printed: a check has failed. */
  fail(message: string): void;
}
