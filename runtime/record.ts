import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ExecutionNode } from "../compiler/execution_graph.ts";
import { CODE } from "../compiler/compile.ts";
import { InputError, type MetricSpec, parse, type PipelineSpec } from "../dsl/mod.ts";
import type { Tensor } from "../graph/mod.ts";
import { METRICS } from "../nodes/metric/mod.ts";
import type { Backend } from "./backends/mod.ts";
import { encodeNpy, readNpy } from "./data/mod.ts";
import type { Execution } from "./execution.ts";
import { fileOperation, isThere } from "./files.ts";
import type { MetricResult } from "./metrics.ts";
import { type PictureData, readPictureData } from "./picture_data.ts";
import { outcomeOf, type RunOutcome } from "./replay/outcome.ts";
import type { Origin, Timing } from "./run.ts";
import { runJson, runJsonLines, runText } from "./run_file.ts";
import { encodeSafetensors } from "./safetensors.ts";
import { samplesOf } from "./samples.ts";
import type { SolveReport } from "./solving/report.ts";

/** What a run notes about itself in `run.json`, beside the files that hold its numbers. */
export interface RunNotes {
  /** Version of this format. */
  readonly version: 1;
  /** SHA-256 of the spec. */
  readonly hash: string;
  /** When the run was finished, ISO 8601. */
  readonly finished: string;
  readonly backend: Pick<
    Backend,
    "name" | "engine" | "instructionSet" | "identity" | "reason" | "elsewhere"
  >;
  /** Path or URL of the command line's program. */
  readonly program: string;
  /** The pipeline file that the run was started from; left out where it was none. */
  readonly origin?: Origin;
  /** Versions by the name of the software. */
  readonly software: Readonly<Record<string, string>>;
  /** Counts changes of bits between releases of pushforward. */
  readonly revision: number;
  readonly machine: { readonly os: string; readonly architecture: string; readonly cores: number };
  /** SHA-256 by what it is of: the data of source and target, the files of weights and samples. */
  readonly digests: Readonly<Record<string, string>>;
  readonly dim: number;
  /** Sizes of one sample. */
  readonly eventShape: readonly number[];
  /** Names of the target's columns, where they have names. */
  readonly columns: readonly string[] | null;
  /** Of the execution graph. */
  readonly nodes: readonly ExecutionNode[];
  readonly timings: readonly Timing[];
  /** What drawing the samples cost. */
  readonly solve: SolveReport;
}

/** A finished run as its folder holds it: what a report is made from. */
export interface RunRecord extends RunNotes, PictureData {
  /** Path of the run folder. */
  readonly folder: string;
  readonly spec: PipelineSpec;
  readonly metrics: readonly MetricRecord[];
  /** Loss of every training step; null for a closed form. */
  readonly loss: Float32Array | null;
  /** [n, ...event], in units of the data. */
  readonly samples: Tensor;
}

/** A metric's result with what it means. */
export interface MetricRecord extends MetricResult {
  /** Its name in words. */
  readonly title: string;
  /** What the number says, in a sentence or two. */
  readonly meaning: string;
}

/** The version of `run.json` that this code writes and reads. */
const VERSION = 1;

const PROGRAM = new URL("../cli/main.ts", import.meta.url);

/** What a finished execution notes about itself. */
export async function notesOf(
  execution: Execution,
): Promise<RunNotes> {
  const { graph, backend, source, target, timings } = execution;
  const { parameters } = await execution.weights();
  const drawn = samplesOf(target, await execution.samples());
  const { elsewhere } = execution;
  const { name, engine, instructionSet, identity, reason } = backend;
  return {
    version: VERSION,
    hash: graph.hash,
    finished: new Date().toISOString(),
    backend: { name, engine, instructionSet, identity, reason, elsewhere },
    software: { pushforward: CODE.release, deno: Deno.version.deno },
    revision: CODE.revision,
    program: PROGRAM.protocol === "file:" ? "cli/main.ts" : PROGRAM.href,
    machine: {
      os: Deno.build.os,
      architecture: Deno.build.arch,
      cores: navigator.hardwareConcurrency,
    },
    digests: {
      source: source.digest,
      target: target.digest,
      ...(parameters.size > 0 ? { weights: sha256(encodeSafetensors(parameters)) } : {}),
      samples: sha256(encodeNpy(drawn)),
    },
    dim: graph.dim,
    eventShape: target.eventShape,
    columns: target.columns,
    nodes: graph.nodes,
    timings,
    solve: drawn.solve,
  };
}

/** What a finished execution came out as. */
export async function outcomeIn(execution: Execution): Promise<RunOutcome> {
  const metrics = await execution.metrics();
  return outcomeOf(await notesOf(execution), execution.graph.spec, metrics);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Reads a finished run from its folder alone.
 *
 * @throws {InputError} If it is not the folder of a finished run, is damaged, or was written in another format.
 */
export async function readRecord(folder: string): Promise<RunRecord> {
  const notes = await readNotes(folder);
  const spec = parse(await runText(folder, "spec.json"));
  const metrics = await runJson(folder, "metrics.json") as readonly MetricResult[];
  return {
    ...notes,
    ...await readPictureData(folder),
    folder,
    spec,
    metrics: metrics.map((result) => {
      const { name: title, meaning } = METRICS[result.name as MetricSpec["kind"]];
      return { ...result, title, meaning };
    }),
    loss: spec.training === null ? null : await lossIn(folder),
    samples: await readNpy(join(folder, "samples.npy")),
  };
}

/**
 * Reads what a finished run noted about itself.
 *
 * @throws {InputError} As {@link readRecord}.
 */
export async function readNotes(folder: string): Promise<RunNotes> {
  const file = join(folder, "run.json");
  const info = await fileOperation("read the run folder", folder, () => Deno.stat(folder));
  const unfinished = (found: string) =>
    new InputError(`'${folder}' is not the folder of a finished run: ${found}`);
  if (!info.isDirectory) throw unfinished("it is no folder");
  if (!await isThere(file)) {
    throw unfinished("it has no run.json, which 'run' writes at its end");
  }
  const notes = await runJson(folder, "run.json") as Partial<RunNotes> | null;
  if (notes?.version !== VERSION) {
    throw new InputError(
      `'${file}' must have version ${VERSION}, found ${
        JSON.stringify(notes?.version) ?? "none"
      }: ` +
        "run the pipeline again with this release",
    );
  }
  return notes as RunNotes;
}

/** The losses in the lines of `log.jsonl`. */
async function lossIn(folder: string): Promise<Float32Array> {
  const lines = await runJsonLines(folder, "log.jsonl") as { readonly loss: number }[];
  return Float32Array.from(lines, ({ loss }) => loss);
}
