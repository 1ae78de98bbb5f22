import { Option } from "npm:commander@15.1.0";
import { openData, unstandardize, writeNpy } from "../../runtime/data/mod.ts";
import { type DivergenceKind, DIVERGENCES } from "../../runtime/divergence.ts";
import type { Execution } from "../../runtime/execution.ts";
import { writablePlace } from "../../runtime/files.ts";
import type { MetricResult } from "../../runtime/metrics.ts";
import { modelOf } from "../../runtime/run.ts";
import type { CommandDefinition } from "../command.ts";
import { withExecution } from "../session.ts";
import { showMetrics, showSolve } from "../show.ts";
import { summaryOf } from "../summary.ts";

/** Log-likelihoods of points. */
export const likelihood: CommandDefinition = {
  name: "likelihood",
  description: "log-likelihood of the test part, or of points in a .npy file",
  on: "pipeline",
  makes: ["training"],
  flags: ["backend", "threads", "folder", "force", "checkpointEvery"],
  examples: [
    ["", "the mean over the test part"],
    ["points.npy --to log_likelihood.npy", "of each point in a file"],
    ["--divergence hutchinson", "estimated, for data of many dimensions"],
  ],
  configure: (command) => {
    command
      .argument("[points]", ".npy file of points, [n, ...event]")
      .addOption(
        new Option("--divergence <name>", "how to find the velocity's divergence")
          .choices(DIVERGENCES).default("exact"),
      )
      .option("--to <file>", "also write the log-likelihood of each point to this .npy file");
  },
  action: async (context) => {
    const [points] = context.args;
    const { to, divergence } = context.options as { to?: string; divergence: DivergenceKind };
    if (to !== undefined) await writablePlace(to); // known before anything long is begun
    return await withExecution(context, async (execution, options) => {
      const x = points === undefined
        ? testPoints(execution)
        : await pointsOf(points, execution.target.eventShape);
      const model = await modelOf(execution);
      const values = await model.logLikelihood(x, { divergence });
      showSolve(context.terminal, values);
      const metrics = [meanLogLikelihood(values.data)];
      showMetrics(context.terminal, metrics);
      if (to !== undefined) await writeNpy(to, values);
      return summaryOf(execution, options, { metrics, files: to === undefined ? [] : [to] });
    });
  },
};

/** The test part of the target in units of the data; fresh draws where it is a distribution. */
function testPoints({ target, graph }: Execution): { data: Float32Array; shape: number[] } {
  const { test } = target.parts;
  const count = Number.isFinite(test.rows) ? test.rows : 10_000;
  const at = { seed: graph.spec.seed, stream: "likelihood/target", step: 0 };
  return unstandardize(test.draw(count, at), target.standardization);
}

/** The points in a `.npy` file. */
async function pointsOf(
  path: string,
  eventShape: readonly number[],
): Promise<{ data: Float32Array; shape: number[] }> {
  const dim = eventShape.reduce((a, b) => a * b, 1);
  const points = await openData({
    kind: "npy",
    path,
    dim,
    standardize: false,
    dequantize: null,
    split: null,
  });
  return points.parts.train.table!;
}

function meanLogLikelihood(values: Float32Array): MetricResult {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    name: "logLikelihood",
    value: mean,
    standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : null,
    unit: "nats",
    lowerIsBetter: false,
    floor: null,
    samples: n,
    repeats: 1,
    warning: null,
  };
}
