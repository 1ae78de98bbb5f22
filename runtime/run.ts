import { join } from "node:path";
import { displayed } from "../compiler/display.ts";
import type { ExecutionGraph } from "../compiler/execution_graph.ts";
import { mermaid } from "../compiler/mermaid.ts";
import { type PipelineSpec, stringify } from "../dsl/mod.ts";
import type { BackendChoice } from "./backends/mod.ts";
import { encodeNpy } from "./data/mod.ts";
import { type Execution, openExecution } from "./execution.ts";
import { isThere, removeLeftovers, writeAtomically } from "./files.ts";
import { type Hold, hold } from "./hold.ts";
import { toJson } from "./json.ts";
import type { MetricResult } from "./metrics.ts";
import { createModel, type Model, type Solved } from "./model.ts";
import { factsOf } from "./model_facts.ts";
import { encodePictureData, type PictureData } from "./picture_data.ts";
import type { OnProgress } from "./progress.ts";
import { notesOf, type RunNotes } from "./record.ts";
import { outcomeOf, type RunOutcome } from "./replay/outcome.ts";
import { encodeSafetensors } from "./safetensors.ts";
import { samplesOf } from "./samples.ts";

/** How to run a pipeline. */
export interface RunOptions {
  /** What runs the programs; `"auto"` by default. */
  readonly backend?: BackendChoice;
  /** Folder of all runs; `"runs"` by default. */
  readonly folder?: string;
  /** Stops the run; what was done is kept, and the next run goes on from there. */
  readonly signal?: AbortSignal;
  /** Takes word of long nodes. */
  readonly onProgress?: OnProgress;
  /** Takes warnings, such as of a damaged checkpoint that was set aside. */
  readonly onWarning?: (text: string) => void;
  /** Runs every node again, whatever the store holds. */
  readonly force?: boolean;
  /** Seconds between checkpoints of the training, at least 0; 15 by default. */
  readonly checkpointEvery?: number;
  /** Cores to use; all by default. Results have the same bits with any number. */
  readonly threads?: number;
  /** Where the pipeline came from, which the report names; by default nothing is known of it. */
  readonly origin?: Origin;
}

/** The pipeline file that a run was started from. */
export interface Origin {
  /** Its path from the working folder, or its URL. */
  readonly file: string;
  /** The command line that runs it again. */
  readonly command: string;
}

/** How long a node took, or that its result was already there. */
export interface Timing {
  /** Id of the execution graph's node. */
  readonly node: string;
  /** Wall-clock seconds, reading or writing the result included. */
  readonly seconds: number;
  /** Whether the result came from the store. */
  readonly stored: boolean;
  /** Seconds that making the result took, whenever that was; null where they were not noted. */
  readonly made: number | null;
}

/** A finished run. */
export interface Run {
  /** The model, ready to be used; closing it frees the backend. */
  readonly model: Model;
  /** Results in the order of the spec's metrics. */
  readonly metrics: readonly MetricResult[];
  /** The run folder, `<folder>/<name>/<hash>`. */
  readonly folder: string;
  /** What was run. */
  readonly graph: ExecutionGraph;
  /** What ran it, and why that. */
  readonly backend: { readonly name: string; readonly reason: string };
  /** Nodes in the order in which they were done. */
  readonly timings: readonly Timing[];
  /** Paths of the files in the run folder. */
  readonly files: readonly string[];
  /** Loss of every training step; null for a closed form. */
  readonly loss: Float32Array | null;
  /** The samples of `samples.npy`, [n, ...event] in units of the data, and what they cost. */
  readonly samples: Solved;
  /** What the run came out as, and all that it depends on; `lockOf(outcome)` holds replays to it. */
  readonly outcome: RunOutcome;
}

/**
 * Does the whole job of a pipeline: data, training, samples, metrics, ONNX files; writes the run folder.
 *
 * A node whose content hash is in the store is not run again, so a changed metric does not train anew.
 *
 * @throws {InputError} If the data, the backend or the folder cannot be used; the message says how to mend it.
 * @throws {CheckFailed} If the loss is not finite.
 * @throws {Interrupted} If `signal` fired.
 *
 * @example Train, then draw
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, optimizer, pipeline, run, training } from "../mod.ts";
 * const spec = pipeline({
 *   target: data.twoMoons(),
 *   training: training({ steps: 20, batchSize: 64, optimizer: optimizer.adam() }),
 * });
 * const { model } = await run(spec, { folder: await Deno.makeTempDir() });
 * await using _ = model;
 * assert.deepEqual((await model.sample(10)).shape, [10, 2]);
 * ```
 */
export async function run(spec: PipelineSpec, options: RunOptions = {}): Promise<Run> {
  return await finish(await openExecution(spec, options), options);
}

/** Does all that an opened execution has yet to do, and writes the run folder. */
export async function finish(execution: Execution, options: RunOptions): Promise<Run> {
  try {
    const { loss } = await execution.weights();
    const samples = samplesOf(execution.target, await execution.samples());
    const metrics = await execution.metrics();
    const pictureData = await execution.pictureData();
    const { graph, backend, timings } = execution;
    const folder = runFolder(graph, options);
    const notes = { ...await notesOf(execution), origin: options.origin };
    const files = await writeRun(execution, options, { metrics, samples, pictureData, notes });
    const model = await modelOf(execution, metrics);
    const { paths } = await model.export(join(folder, "model"));
    return displayed("run", {
      model,
      metrics,
      folder,
      graph,
      backend: { name: backend.name, reason: backend.reason },
      timings,
      files: [...files, ...paths],
      loss,
      samples,
      outcome: outcomeOf(notes, graph.spec, metrics),
    });
  } catch (error) {
    await execution.close();
    throw error;
  }
}

/**
 * The model of an execution; closing it closes the execution.
 *
 * @param metrics What has been measured of it.
 */
export async function modelOf(
  execution: Execution,
  metrics: readonly MetricResult[] = [],
): Promise<Model> {
  const { graph, source, target } = execution;
  return createModel({
    spec: graph.spec,
    flow: await execution.flow(),
    source,
    target,
    metrics,
    openTarget: () => Promise.resolve(target),
    close: () => execution.close(),
  });
}

/** The folder of a run: the same spec has the same folder. */
export function runFolder(
  { spec, hash }: Pick<ExecutionGraph, "spec" | "hash">,
  options: Pick<RunOptions, "folder">,
): string {
  return join(options.folder ?? "runs", spec.name, hash.slice(0, 12));
}

/** Waits for the sole right to write in a run folder, and clears what a killed process left of writes aside. */
export async function holdRun(folder: string, options: RunOptions): Promise<Hold> {
  const { signal, onWarning: onWait } = options;
  const first = async (): Promise<void> => {
    if (await isThere(folder)) await removeLeftovers(folder);
  };
  return await hold(folder, { work: `writing of ${folder}`, first, signal, onWait });
}

/** Writes the files of a run, each aside and renamed. */
async function writeRun(
  execution: Execution,
  options: RunOptions,
  results: {
    readonly metrics: readonly MetricResult[];
    readonly samples: Solved;
    readonly pictureData: PictureData;
    readonly notes: RunNotes;
  },
): Promise<string[]> {
  const { graph, network } = execution;
  const folder = runFolder(graph, options);
  const { parameters, loss } = await execution.weights();
  const log = loss === null
    ? ""
    : Array.from(loss, (value, i) => JSON.stringify({ step: i + 1, loss: value }) + "\n").join("");
  const contents: Record<string, string | Uint8Array> = {
    "spec.json": stringify(graph.spec) + "\n",
    "graph.mmd": mermaid(graph),
    "metrics.json": toJson(results.metrics, 2) + "\n",
    "model.json": toJson(factsOf(execution), 2) + "\n",
    "samples.npy": encodeNpy(results.samples),
    ...encodePictureData(results.pictureData),
    ...(loss === null ? {} : { "log.jsonl": log }),
    ...(parameters.size > 0 ? { "weights.safetensors": encodeSafetensors(parameters) } : {}),
    ...(network === undefined ? {} : { "network.json": JSON.stringify(network) + "\n" }),
    "run.json": toJson(results.notes, 2) + "\n", // last: where it is, the numbers are whole
  };
  await using _ = await holdRun(folder, options);
  const files: string[] = [];
  for (const [name, content] of Object.entries(contents)) {
    const path = join(folder, name);
    await writeAtomically(path, content);
    files.push(path);
  }
  return files;
}
