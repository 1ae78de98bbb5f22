import tab from "npm:@bomb.sh/tab@0.0.22/commander";
import type { Command } from "npm:commander@15.1.0";

/**
 * Adds the command `complete`: `pushforward complete bash` (or zsh, fish, powershell) prints a script for the shell to
 * source, and `pushforward complete -- <words>` is what that script asks.
 */
export async function addCompletions(program: Command): Promise<void> {
  const files: string[] = [];
  for await (const { name, isFile } of Deno.readDir(".")) {
    if (isFile && /\.(ts|js|json)$/.test(name)) files.push(name);
  }
  const completion = tab(program);
  for (const command of program.commands) {
    if (command.registeredArguments[0]?.name() !== "pipeline") continue;
    completion.commands.get(command.name())?.argument("pipeline", (add) => {
      for (const file of files.sort()) add(file, "pipeline");
    });
  }
}
