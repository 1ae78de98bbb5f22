/**
 * A mistake in a pipeline file is found while the file is evaluated, before `main` is called. Here its message is
 * printed alone, and the process exits as commands do. Only the evaluation of the main module is watched: what happens
 * later in a program is the program's business, and errors of other kinds are Deno's.
 *
 * @module
 */
import { InputError } from "../dsl/error.ts";
import { failureOf } from "./failure.ts";

// Tests, the REPL and notebooks have a main module that is no file.
if (!Deno.mainModule.includes("$deno$")) {
  import(Deno.mainModule).catch((error) => {
    if (!(error instanceof InputError)) return;
    const { message, code } = failureOf(error);
    console.error(`error: ${message}`);
    Deno.exit(code);
  });
}
