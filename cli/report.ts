import { join } from "node:path";
import { writeAtomically } from "../runtime/files.ts";
import { readRecord } from "../runtime/record.ts";

/**
 * Writes the report of a finished run: one HTML file that needs nothing beside it, with metrics, samples against
 * target, the flow as an animation, density, loss, execution graph, timings and how to run it again. It is made from
 * the run folder alone.
 *
 * @param folder The run folder, such as `runs/two-moons/1f0c7a2b9d3e`.
 * @param options `to`: the file to write; `report.html` in the run folder by default.
 * @returns The path of the file.
 * @throws {InputError} If it is not the folder of a finished run of this release, or the file cannot be written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, pipeline, report, run, training } from "../mod.ts";
 * const spec = pipeline({ target: data.circles(), training: training({ steps: 20, batchSize: 64 }) });
 * const { model, folder } = await run(spec, { folder: await Deno.makeTempDir() });
 * await model.close();
 * assert.match(await Deno.readTextFile(await report(folder)), /^<!doctype html>/);
 * ```
 */
export async function report(
  folder: string,
  options: { readonly to?: string } = {},
): Promise<string> {
  const { reportPage } = await import("../report/mod.ts");
  const file = options.to ?? join(folder, "report.html");
  await writeAtomically(file, reportPage(await readRecord(folder)));
  return file;
}
