/**
 * A mistake in a pipeline file is found while the file is evaluated, before `main` is called. Here its message is
 * printed alone, and the process exits as commands do. Only the evaluation of the main module is watched: what happens
 * later in a program is the program's business, and errors of other kinds are Deno's.
 *
 * @module
 */
import { InputError } from "../dsl/error.ts";
import { failureOf } from "./failure.ts";

// Workers have no main module; tests, the REPL and notebooks have one that is no file.
const main: string | undefined = Deno.mainModule;
if (main !== undefined && !main.includes("$deno$")) {
  import(main).catch((error) => {
    if (!(error instanceof InputError)) return;
    const { message, code } = failureOf(error);
    console.error(`error: ${message}`);
    Deno.exit(code);
  });
}
