import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError, parse, type PipelineSpec } from "../dsl/mod.ts";
import { show } from "../dsl/schema/words.ts";
import { fileOperation } from "../runtime/files.ts";

/** Whether a path or URL is that of a pipeline file or a spec, by how its name ends. */
export function isPipelineFile(path: string): boolean {
  return /\.([cm]?[jt]s|[jt]sx|json)$/.test(path);
}

/**
 * Reads a pipeline: the default export of a TypeScript or JavaScript file (a path or a URL), or a `.json` spec.
 *
 * @throws {InputError} If there is no such file, it cannot be evaluated, or there is no pipeline in it.
 */
export async function loadPipeline(where: string): Promise<PipelineSpec> {
  const url = /^(https?|file|data):/.test(where) ? new URL(where) : pathToFileURL(resolve(where));
  if (url.protocol === "file:") await checkFile(url, where);
  const found = url.pathname.endsWith(".json")
    ? await textOf(url, where)
    : await defaultOf(url, where);
  try {
    return parse(found);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`'${where}': ${error.message}`, { field: error.field, cause: error });
  }
}

/** @throws {InputError} If it is not there, or is none of a pipeline. */
async function checkFile(url: URL, where: string): Promise<void> {
  const fail = (trouble: string): InputError =>
    new InputError(`Cannot read the pipeline file '${where}': ${trouble}`);
  const info = await fileOperation("read the pipeline file", where, () => Deno.stat(url));
  if (info.isDirectory) throw fail("it is a folder; name a file in it");
  if (isPipelineFile(url.pathname)) return;
  const data = /\.(csv|tsv|parquet|npy|npz)$/i.test(url.pathname);
  throw fail(
    "a pipeline file ends in .ts or .js, and a spec in .json" +
      (data ? `. Of data \`init --data ${where}\` makes one` : ""),
  );
}

/** What a pipeline file exports as its default. */
async function defaultOf(url: URL, where: string): Promise<unknown> {
  const found = (await evaluate(url, where)).default;
  if (typeof found === "object" && found !== null) return found;
  throw new InputError(
    `'${where}' has ${
      found === undefined
        ? "no default export"
        : `a default export that is no pipeline (${show(found)})`
    }: end it with \`export default pipeline({ ... })\``,
  );
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
    throw new InputError(`Cannot evaluate '${where}': ${inWords(error, url)}`, { cause: error });
  }
}

function inWords({ name, message, stack }: Error, url: URL): string {
  // What Deno could not load is a TypeError to it, whatever was wrong; the message says where.
  if (/^(SyntaxError|Module not found|Import|Relative import)/.test(message)) return message;
  const line = stack?.split(`${url.href}:`)[1]?.match(/^\d+/)?.[0];
  return `${name}: ${message}${line === undefined ? "" : ` (line ${line})`}`;
}
