import { join } from "node:path";
import { parse } from "../dsl/mod.ts";
import { type BackendChoice, openBackend } from "./backends/mod.ts";
import { fileOperation } from "./files.ts";
import { modelFrom } from "./execution.ts";
import type { Model } from "./model.ts";
import { prepare } from "./prepare.ts";
import { decodeSafetensors } from "./safetensors.ts";

/**
 * Opens the model of a finished run from its folder, such as `runs/two-moons/1f0c7a2b9d3e`.
 *
 * A pipeline on data files reads them again, as they hold the standardisation and the source.
 *
 * @param options `backend`: what runs the programs; `"auto"` by default.
 * @throws {InputError} If the folder is not that of a finished run.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, load, pipeline, run, training } from "../mod.ts";
 * const spec = pipeline({ target: data.circles(), training: training({ steps: 20, batchSize: 64 }) });
 * const { model, folder } = await run(spec, { folder: await Deno.makeTempDir() });
 * const again = await load(folder);
 * assert.deepEqual((await again.sample(4)).data, (await model.sample(4)).data);
 * await model.close();
 * await again.close();
 * ```
 */
export async function load(
  folder: string,
  options: { readonly backend?: BackendChoice } = {},
): Promise<Model> {
  const specFile = join(folder, "spec.json");
  const spec = parse(
    await fileOperation("read the run's spec", specFile, () => Deno.readTextFile(specFile)),
  );
  const backend = await openBackend(options.backend ?? "auto");
  try {
    const prepared = await prepare(spec, backend.identity);
    const file = join(folder, "weights.safetensors");
    const parameters = spec.training === null ? new Map() : decodeSafetensors(
      await fileOperation("read the run's weights", file, () => Deno.readFile(file)),
      file,
    ).tensors;
    return modelFrom(prepared, parameters, backend);
  } catch (error) {
    await backend.close();
    throw error;
  }
}
