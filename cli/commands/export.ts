import { Option } from "npm:commander@15.1.0";
import { nodeOf } from "../../compiler/execution_graph.ts";
import { DIVERGENCES } from "../../runtime/divergence.ts";
import type { Execution } from "../../runtime/execution.ts";
import {
  type Check,
  type Export,
  type ExportOptions,
  type PrecisionLoss,
  PRECISIONS,
} from "../../runtime/export/mod.ts";
import { writableFolder } from "../../runtime/files.ts";
import type { MetricResult } from "../../runtime/metrics.ts";
import { modelOf } from "../../runtime/run.ts";
import type { CommandDefinition } from "../command.ts";
import { withExecution } from "../session.ts";
import { summaryOf } from "../summary.ts";
import { formatNumber, type Terminal } from "../terminal/mod.ts";

/** The model as ONNX files. */
export const exportCommand: CommandDefinition = {
  name: "export",
  description: "write the model as ONNX files for any ONNX runtime, the solver inside",
  on: "pipeline",
  makes: ["training"],
  flags: ["backend", "threads", "folder", "force", "checkpointEvery"],
  examples: [
    ["--to model/", "write sampler.onnx and the others into model/"],
    ["--to model/ --check", "run each file in onnxruntime-web and compare it with the model"],
    ["--to model/ --precision float16", "halve the files, and say what that costs"],
  ],
  configure: (command) => {
    command
      .option("--to <folder>", "folder to write", "model")
      .addOption(
        new Option("--precision <name>", "how weights lie in the files")
          .choices(PRECISIONS).default("float32"),
      )
      .addOption(
        new Option("--divergence <name>", "how likelihood.onnx finds the velocity's divergence")
          .choices(DIVERGENCES).default("exact"),
      )
      .option("--check", "compare each file with the model; exit code 1 if one differs");
  },
  action: async (context) => {
    const { to, force, ...options } = context.options as
      & { to: string; force?: boolean }
      & Required<
        ExportOptions
      >;
    await writableFolder(to); // known before anything long is begun
    return await withExecution(context, async (execution, run) => {
      const metrics = force ? [] : await storedMetrics(execution);
      const model = await modelOf(execution, metrics);
      const { precision, divergence, check } = options;
      const exported = await model.export(to, { precision, divergence, check });
      const { terminal } = context;
      showFiles(terminal, exported);
      if (exported.losses.length > 0) showLosses(terminal, exported.losses);
      if (exported.checks.length > 0) showChecks(terminal, exported.checks);
      const failed = exported.checks.filter(({ passed }) => !passed);
      if (failed.length > 0) {
        context.fail(
          `exported files differ from the model by more than they may: ${
            failed.map(({ file, output }) => `${output} of ${file}`).join(", ")
          }`,
        );
      }
      const { manifest, losses, checks, paths } = exported;
      return {
        ...summaryOf(execution, run, { metrics, files: paths }),
        leftOut: manifest.leftOut,
        losses,
        checks,
      };
    });
  },
};

/** The metrics, where all of them have been measured; none are measured for this. */
async function storedMetrics(execution: Execution): Promise<readonly MetricResult[]> {
  const plan = await execution.plan();
  const measured = plan.every(({ node, stored }) =>
    stored || nodeOf(execution.graph, node).kind !== "metric"
  );
  return measured ? await execution.metrics() : [];
}

function showFiles(terminal: Terminal, { folder, files, manifest }: Export): void {
  terminal.table(
    [`files in ${folder}`, "size", "what"],
    files.map(({ file, bytes }) => [
      file,
      `${formatNumber(bytes / 1000, 3)} kB`,
      manifest.files.find((text) => text.file === file)!.text,
    ]),
    ["size"],
  );
  for (const { file, reason } of manifest.leftOut) terminal.info(`no ${file}: ${reason}`);
}

function showLosses(terminal: Terminal, losses: readonly PrecisionLoss[]): void {
  terminal.table(
    ["rounding to float16", "float32", "float16", "change", "unit"],
    losses.map(({ float32, float16 }) => [
      float32.name,
      formatNumber(float32.value, 6),
      formatNumber(float16.value, 6),
      formatNumber(float16.value - float32.value, 2),
      float32.unit,
    ]),
    ["float32", "float16", "change"],
  );
}

function showChecks(terminal: Terminal, checks: readonly Check[]): void {
  terminal.table(
    ["checked in onnxruntime-web", "output", "absolute", "relative", "may be", ""],
    checks.map(({ file, output, absolute, relative, tolerance, passed }) => [
      file,
      output,
      formatNumber(absolute, 2),
      formatNumber(relative, 2),
      formatNumber(tolerance, 2),
      passed ? terminal.paint.good("ok") : terminal.paint.bad("differs"),
    ]),
    ["absolute", "relative", "may be"],
  );
}
