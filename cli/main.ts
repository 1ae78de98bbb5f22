/**
 * The command line as a program of its own: `deno run -A cli/main.ts <command> <pipeline file | spec.json | URL>`.
 *
 * Nothing imports this file: while it loads a pipeline file, which imports `mod.ts`, it is still being evaluated, and a
 * module that imported it would wait for it for ever.
 *
 * @module
 */
import { loadPipeline } from "./load_pipeline.ts";
import { runCommands } from "./pipeline_program.ts";

await runCommands({ file: null, read: loadPipeline }, Deno.args);
