/**
 * A mistake in a pipeline file is found while the file is evaluated, before any command runs. This listener prints
 * its message alone and exits as commands do; other errors are left to Deno.
 *
 * @module
 */
import { InputError } from "../dsl/error.ts";
import { failureOf } from "./failure.ts";

globalThis.addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof InputError)) return;
  event.preventDefault();
  const { message, code } = failureOf(event.reason);
  console.error(`error: ${message}`);
  Deno.exit(code);
});
