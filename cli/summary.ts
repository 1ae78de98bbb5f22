import type { Execution } from "../runtime/execution.ts";
import type { MetricResult } from "../runtime/metrics.ts";
import { runFolder, type RunOptions, type Timing } from "../runtime/run.ts";

/** The one document that `--json` prints. */
export interface Summary {
  readonly name: string;
  readonly hash: string;
  readonly seed: number;
  readonly backend: string;
  readonly folder: string;
  readonly metrics: readonly MetricResult[];
  readonly timings: readonly Timing[];
  readonly files: readonly string[];
  /** Mean loss of the last hundredth of training; null for a closed form. */
  readonly loss: number | null;
}

/** Puts what a command found into one document. */
export function summaryOf(
  { graph, backend, timings }: Execution,
  options: RunOptions,
  found: {
    readonly metrics?: readonly MetricResult[];
    readonly files?: readonly string[];
    readonly loss?: Float32Array | null;
  },
): Summary {
  const { metrics = [], files = [], loss = null } = found;
  return {
    name: graph.spec.name,
    hash: graph.hash,
    seed: graph.spec.seed,
    backend: backend.name,
    folder: runFolder(graph, options),
    metrics,
    timings,
    files,
    loss: loss === null ? null : lateMean(loss),
  };
}

function lateMean(loss: Float32Array): number {
  const late = loss.subarray(Math.floor(loss.length * 0.99));
  return late.reduce((a, b) => a + b, 0) / late.length;
}
