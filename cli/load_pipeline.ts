import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError, parse, type PipelineSpec } from "../dsl/mod.ts";
import { fileOperation } from "../runtime/files.ts";

/**
 * Reads a pipeline: the default export of a TypeScript or JavaScript file (a path or a URL), or a `.json` spec.
 *
 * @throws {InputError} If there is no such file, or no pipeline in it.
 */
export async function loadPipeline(where: string): Promise<PipelineSpec> {
  const url = /^(https?|file|data):/.test(where) ? new URL(where) : pathToFileURL(resolve(where));
  if (url.pathname.endsWith(".json")) {
    const text = url.protocol === "file:"
      ? await fileOperation("read the spec", where, () => Deno.readTextFile(url))
      : await (await fetch(url)).text();
    return parse(text);
  }
  if (url.protocol === "file:") {
    await fileOperation("read the pipeline file", where, () => Deno.stat(url));
  }
  const module = await import(url.href);
  if (module.default === undefined) {
    throw new InputError(
      `'${where}' has no default export: end it with \`export default pipeline({ ... })\``,
    );
  }
  return parse(module.default);
}
