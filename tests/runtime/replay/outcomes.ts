import type { RunOutcome } from "../../../runtime/replay/outcome.ts";

/** A outcome to change in tests. */
export function outcomeWith(changes: Partial<RunOutcome> = {}): RunOutcome {
  return {
    pipeline: "moons",
    hash: "aa".repeat(32),
    backend: "cpu",
    instructionSet: "x86_64 avx2",
    versions: { pushforward: "0.1.0", revision: 2, engine: "onnxruntime 1.30.0", deno: "2.9.6" },
    digests: {
      source: "11".repeat(32),
      target: "22".repeat(32),
      weights: "33".repeat(32),
      samples: "44".repeat(32),
    },
    metrics: [
      { name: "wasserstein2", value: 0.2, standardError: 0.01, unit: "x", lowerIsBetter: true },
      { name: "logLikelihood", value: -2, standardError: null, unit: "nats", lowerIsBetter: false },
    ],
    settings: { name: "moons", "training.steps": 100 },
    ...changes,
  };
}
