import type { PipelineSpec } from "../../dsl/mod.ts";
import type { MetricResult } from "../metrics.ts";
import type { RunNotes } from "../record.ts";
import { type RunSettings, settingsOf } from "./settings.ts";

/** A metric as an outcome keeps it. */
export type RunMetric = Pick<
  MetricResult,
  "name" | "value" | "standardError" | "unit" | "lowerIsBetter"
>;

/** What a run came out as, and all that it depends on: what replays are compared by. */
export interface RunOutcome {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** SHA-256 of the spec. */
  readonly hash: string;
  /** Name of the backend. */
  readonly backend: string;
  /** The instruction set that the backend's bits depend on; null where they depend on none. */
  readonly instructionSet: string | null;
  /** Versions of what computed. */
  readonly versions: {
    readonly pushforward: string;
    /** Counts changes of bits between releases. */
    readonly revision: number;
    /** What the backend runs on, such as "onnxruntime 1.30.0". */
    readonly engine: string;
    readonly deno: string;
  };
  /** SHA-256 of data and results. */
  readonly digests: {
    /** Of what the source draws from. */
    readonly source: string;
    /** Of what the target draws from. */
    readonly target: string;
    /** Of `weights.safetensors`; null for a closed form. */
    readonly weights: string | null;
    /** Of `samples.npy`. */
    readonly samples: string;
  };
  /** Results in the order of the spec's metrics. */
  readonly metrics: readonly RunMetric[];
  /** The spec's settings by their paths, such as `training.steps`. */
  readonly settings: RunSettings;
}

/** The outcome of a run, from what it noted. */
export function outcomeOf(
  { hash, backend, software, revision, digests }: RunNotes,
  spec: PipelineSpec,
  metrics: readonly MetricResult[],
): RunOutcome {
  const { source, target, weights = null, samples } = digests;
  return {
    pipeline: spec.name,
    hash,
    backend: backend.name,
    instructionSet: backend.instructionSet,
    versions: {
      pushforward: software.pushforward,
      revision,
      engine: backend.engine,
      deno: software.deno,
    },
    digests: { source, target, weights, samples },
    metrics: metrics.map(({ name, value, standardError, unit, lowerIsBetter }) => ({
      ...{ name, value, standardError, unit, lowerIsBetter },
    })),
    settings: settingsOf(spec),
  };
}
