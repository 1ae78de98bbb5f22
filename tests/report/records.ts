import { compile, data, metric, pipeline, type PipelineSpec } from "../../mod.ts";
import type { Tensor } from "../../graph/mod.ts";
import { METRICS } from "../../nodes/metric/mod.ts";
import type { RunRecord } from "../../runtime/record.ts";

/** Deterministic, roughly normal values. */
function values(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const u = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return 3 * (u - Math.floor(u)) - 1.5 + Math.sin(i);
  });
}

function tensor(shape: readonly number[], seed: number): Tensor {
  return { data: values(shape.reduce((a, b) => a * b, 1), seed), shape: [...shape] };
}

/** Paths that go straight from one cloud to another. */
function trajectory(times: number, count: number, event: readonly number[]): Tensor {
  const size = count * event.reduce((a, b) => a * b, 1);
  const [from, to] = [values(size, 5), values(size, 6)];
  const data = Float32Array.from({ length: times * size }, (_, i) => {
    const t = Math.floor(i / size) / (times - 1);
    return (1 - t) * from[i % size] + t * to[i % size];
  });
  return { data, shape: [times, count, ...event] };
}

/** The density of a standard normal on a grid. */
function density(side: number): Tensor {
  const data = Float32Array.from({ length: side * side }, () => 0);
  const points = Array.from(data, (_, i) => {
    const x = -4 + (8 * (i % side)) / (side - 1);
    const y = -4 + (8 * Math.floor(i / side)) / (side - 1);
    return [x, y, -(x * x + y * y) / 2 - Math.log(2 * Math.PI)];
  });
  return { data: Float32Array.from(points.flat()), shape: [side, side, 3] };
}

/** A record of a run that never was: what a report of these data looks like does not depend on the numbers. */
export function recordOf(
  spec: PipelineSpec,
  event: readonly number[],
  changes: Partial<RunRecord> = {},
): RunRecord {
  const dim = event.reduce((a, b) => a * b, 1);
  const { nodes, hash } = compile(spec);
  return {
    version: 1,
    hash,
    finished: "2026-01-02T03:04:05.678Z",
    backend: {
      name: "cpu",
      engine: "onnxruntime 1.0.0",
      instructionSet: "x86_64",
      identity: "cpu onnxruntime 1.0.0 x86_64",
      reason: "asked for",
    },
    program: "cli/main.ts",
    software: { pushforward: "0.1.0", deno: "2.9.6" },
    revision: 1,
    machine: { os: "linux", architecture: "x86_64", cores: 2 },
    digests: { target: "0".repeat(64), samples: "f".repeat(64) },
    dim,
    eventShape: event,
    columns: null,
    nodes,
    timings: nodes.filter(({ kind }) => kind === "training" || kind === "metric")
      .map(({ id }, i) => ({ node: id, seconds: 1 + i, stored: i > 0, made: 2 * i + 1 })),
    solve: {
      samples: 900,
      evaluations: { mean: 31.5, max: 60 },
      accepted: { mean: 5, max: 9 },
      rejected: { mean: 0.1, max: 2 },
      failures: [],
      visited: null,
    },
    folder: "runs/made-up/0123456789ab",
    spec,
    metrics: spec.metrics.map(({ kind }, i) => ({
      name: kind,
      title: METRICS[kind].name,
      meaning: METRICS[kind].meaning,
      value: 0.25 + i,
      standardError: 0.02,
      unit: "x",
      lowerIsBetter: true,
      floor: i === 0 ? 0.2 : null,
      samples: 500,
      repeats: 5,
      warning: null,
    })),
    loss: Float32Array.from({ length: 2_000 }, (_, i) => 0.1 + 2 * Math.exp(-i / 100)),
    samples: tensor([900, ...event], 1),
    target: tensor([800, ...event], 2),
    trajectory: trajectory(33, 60, event),
    density: dim === 2 ? density(40) : null,
    ...changes,
  };
}

/** Records of every form that a report has. */
export const RECORDS: Readonly<Record<string, () => RunRecord>> = {
  "two columns": () =>
    recordOf(
      pipeline({
        name: "plane",
        target: data.twoMoons(),
        metrics: [metric.wasserstein2(), metric.negativeLogLikelihood(), metric.pathEnergy()],
      }),
      [2],
    ),
  "images": () =>
    recordOf(
      pipeline({ name: "images", target: data.npy({ path: "images.npy", dim: 64 }) }),
      [8, 8],
    ),
  "four columns": () =>
    recordOf(
      pipeline({
        name: "table",
        target: data.csv({ path: "table.csv", columns: ["rain", "low", "high", "wind"] }),
        metrics: [metric.energyDistance(), metric.covarianceError()],
      }),
      [4],
      { columns: ["rain", "low", "high", "wind"] },
    ),
  "one column": () =>
    recordOf(
      pipeline({
        name: "line",
        target: data.csv({ path: "line.csv", columns: ["x"] }),
        metrics: [],
      }),
      [1],
    ),
  "data to data": () =>
    recordOf(
      pipeline({ name: "transport", source: data.eightGaussians(), target: data.twoMoons() }),
      [2],
      { density: null, loss: null },
    ),
};
