import { join } from "node:path";
import { velocityIn } from "../compiler/velocity_in.ts";
import { InputError, parse } from "../dsl/mod.ts";
import type { Network } from "../nodes/velocity/mod.ts";
import { type BackendChoice, openBackend } from "./backends/mod.ts";
import { openData, openSource } from "./data/mod.ts";
import { fileOperation } from "./files.ts";
import { openFlow } from "./flow.ts";
import type { MetricResult } from "./metrics.ts";
import { createModel, type Model } from "./model.ts";
import { type ModelFacts, targetOf } from "./model_facts.ts";
import { runJson, runText } from "./run_file.ts";
import { decodeSafetensors } from "./safetensors.ts";

/**
 * Opens the model of a finished run from its folder, such as `runs/two-moons/1f0c7a2b9d3e`.
 *
 * The files that the target and an imported velocity were read from are not needed again. A source that is data is: it is read anew, and must be
 * what it was.
 *
 * @param options `backend`: what runs the programs; `"auto"` by default. `onWarning`: takes warnings, such as of a program that another backend has to run.
 * @throws {InputError} If the folder is not that of a finished run or is damaged, or the source's data have changed.
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
  options: {
    readonly backend?: BackendChoice;
    readonly onWarning?: (text: string) => void;
  } = {},
): Promise<Model> {
  const spec = parse(await runText(folder, "spec.json"));
  const facts = await runJson(folder, "model.json") as ModelFacts;
  const { dim } = facts;
  const source = await openSource(spec.source, { dim });
  if (source.digest !== facts.source.digest) {
    throw new InputError(
      "source: its data are not those of the run any more, so the model cannot draw from them",
      { field: "source" },
    );
  }
  const file = join(folder, "weights.safetensors");
  const imported = spec.velocity.kind === "onnx";
  const network = imported ? await runJson(folder, "network.json") as Network : undefined;
  const parameters = spec.training === null && !imported ? new Map() : decodeSafetensors(
    await fileOperation("read the run's", file, () => Deno.readFile(file)),
    file,
  ).tensors;
  const metrics = await runJson(folder, "metrics.json") as MetricResult[];
  const velocity = velocityIn(spec, dim, network);
  const backend = await openBackend(options.backend ?? "auto", { onWarning: options.onWarning });
  const flow = openFlow({ spec, dim, velocity, parameters, backend, density: source.density });
  return createModel({
    spec,
    flow,
    source,
    target: targetOf(facts),
    metrics,
    openTarget: () => openData(spec.target),
    async close() {
      await flow.close();
      await backend.close();
    },
  });
}
