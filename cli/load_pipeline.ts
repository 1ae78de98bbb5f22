import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError, parse, type PipelineSpec } from "../dsl/mod.ts";
import { fileOperation } from "../runtime/files.ts";

/**
 * Reads a pipeline: the default export of a TypeScript or JavaScript file (a path or a URL), or a `.json` spec.
 *
 * @throws {InputError} If there is no such file, it cannot be evaluated, or there is no pipeline in it.
 */
export async function loadPipeline(where: string): Promise<PipelineSpec> {
  const url = /^(https?|file|data):/.test(where) ? new URL(where) : pathToFileURL(resolve(where));
  if (url.pathname.endsWith(".json")) return parse(await textOf(url, where));
  if (url.protocol === "file:") {
    await fileOperation("read the pipeline file", where, () => Deno.stat(url));
  }
  const module = await evaluate(url, where);
  if (module.default === undefined) {
    throw new InputError(
      `'${where}' has no default export: end it with \`export default pipeline({ ... })\``,
    );
  }
  return parse(module.default);
}

async function textOf(url: URL, where: string): Promise<string> {
  if (url.protocol === "file:") {
    return await fileOperation("read the spec", where, () => Deno.readTextFile(url));
  }
  const response = await fetch(url).catch((cause: Error) => {
    throw new InputError(`Cannot read the spec '${where}': ${cause.message}`, { cause });
  });
  if (response.ok) return await response.text();
  await response.body?.cancel();
  throw new InputError(
    `Cannot read the spec '${where}': the server answered ${response.status} ${response.statusText}`,
  );
}

/** Evaluates a pipeline file; what is wrong with the file itself is the user's to mend, so it is said in words. */
async function evaluate(url: URL, where: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(url.href);
  } catch (error) {
    if (error instanceof InputError || !(error instanceof Error)) throw error;
    throw new InputError(`Cannot evaluate '${where}': ${error.name}: ${error.message}`, {
      cause: error,
    });
  }
}
