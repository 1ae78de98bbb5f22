import type { ExecutionGraph } from "../compiler/execution_graph.ts";
import type { MetricResult } from "../runtime/metrics.ts";
import type { Timing } from "../runtime/run.ts";

/** The one document that `--json` prints. */
export interface Summary {
  readonly name: string;
  readonly hash: string;
  readonly backend: string;
  readonly seed: number;
  readonly folder: string;
  readonly metrics: readonly MetricResult[];
  readonly timings: readonly Timing[];
  readonly files: readonly string[];
  /** Mean loss of the last hundredth of training; null for a closed form. */
  readonly loss: number | null;
}

/** Puts what a command found into one document. */
export function summaryOf(
  graph: ExecutionGraph,
  parts: Omit<Summary, "name" | "hash" | "seed" | "loss"> & { readonly loss: Float32Array | null },
): Summary {
  const { loss, ...rest } = parts;
  return {
    name: graph.spec.name,
    hash: graph.hash,
    seed: graph.spec.seed,
    ...rest,
    loss: loss === null ? null : lateMean(loss),
  };
}

function lateMean(loss: Float32Array): number {
  const late = loss.subarray(Math.floor(loss.length * 0.99));
  return late.reduce((a, b) => a + b, 0) / late.length;
}
