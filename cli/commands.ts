import { Command, CommanderError, InvalidArgumentError, Option } from "npm:commander@15.1.0";
import { mermaid } from "../compiler/mermaid.ts";
import { tree } from "../compiler/tree.ts";
import { InputError, type PipelineSpec, schema } from "../dsl/mod.ts";
import { nearest } from "../dsl/schema/words.ts";
import { BACKEND_NAMES } from "../runtime/backends/mod.ts";
import { openData, unstandardize, writeNpy } from "../runtime/data/mod.ts";
import type { Execution } from "../runtime/execution.ts";
import type { MetricResult } from "../runtime/metrics.ts";
import type { Solved } from "../runtime/model.ts";
import { finish, modelOf, runFolder } from "../runtime/run.ts";
import { warningOf } from "../runtime/solving/report.ts";
import { drawPictures } from "./pictures.ts";
import { type CommonOptions, session, showTimings, terminalOf } from "./session.ts";
import { summaryOf } from "./summary.ts";
import { formatNumber, type Terminal, writerTo } from "./terminal/mod.ts";

/** Gives the pipeline that a command works on. */
export type FindPipeline = (file: string) => Promise<PipelineSpec>;

/**
 * Builds the commands.
 *
 * @param find Gives the pipeline.
 * @param standalone Whether each command takes the pipeline's file as its first argument; a pipeline file that is
 * run itself knows its pipeline.
 */
export function commands(find: FindPipeline, standalone: boolean): Command {
  const program = new Command(standalone ? "pushforward" : "pipeline")
    .description("Train, sample and measure a flow-based generative model")
    .exitOverride()
    .showHelpAfterError("(--help shows what is accepted)");

  /** A command on a pipeline. */
  const on = (name: string, description: string): Command => {
    const command = program.command(name, { isDefault: name === "run" && !standalone })
      .description(description);
    return standalone
      ? command.argument("<pipeline>", "pipeline file, spec.json, or the URL of one")
      : command;
  };
  const pipelineOf = (command: Command): Promise<PipelineSpec> => find(command.args[0]);
  const rest = (command: Command): string[] => standalone ? command.args.slice(1) : command.args;
  const work = (name: string, description: string): Command =>
    on(name, description)
      .addOption(
        new Option("--backend <name>", "what runs the programs")
          .choices(["auto", ...BACKEND_NAMES]).default("auto"),
      )
      .option("--folder <path>", "folder of all runs", "runs")
      .option("--force", "run every node again, whatever is stored")
      .option("--json", "print one JSON document on stdout; text for people goes to stderr")
      .option("--quiet", "print no text for people");

  const runCommand = work("run", "do the whole job: train, sample, measure, draw");
  runCommand.action(async () => {
    const common = runCommand.opts<CommonOptions>();
    await session(
      await pipelineOf(runCommand),
      common,
      async ({ terminal, execution, options }) => {
        const run = await finish(execution, options);
        const warning = warningOf(run.samples.solve);
        if (warning !== null) terminal.warn(`samples: ${warning}`);
        const files = [...run.files, ...await drawPictures(run, execution.target)];
        showMetrics(terminal, run.metrics);
        showTimings(terminal, execution);
        terminal.info(`\nfiles in ${run.folder}:`);
        for (const file of files) terminal.info(`  ${file.slice(run.folder.length + 1)}`);
        const { metrics, timings, loss, folder } = run;
        return summaryOf(run.graph, {
          ...{ backend: run.backend.name, folder, metrics, timings, files, loss },
        });
      },
    );
  });

  const trainCommand = work("train", "train the velocity, or say that it is trained already");
  trainCommand.action(async () => {
    await session(
      await pipelineOf(trainCommand),
      trainCommand.opts<CommonOptions>(),
      async ({ terminal, execution, options }) => {
        const { loss } = await execution.weights();
        if (loss === null) terminal.info("the velocity is a closed form: nothing to train");
        showTimings(terminal, execution);
        return partSummary(execution, runFolder(execution.graph, options), { loss });
      },
    );
  });

  const sampleCommand = work("sample", "draw samples into a .npy file")
    .option("-n, --count <n>", "number of samples", positiveInteger, 1_000)
    .option("--seed <n>", "seed of the draw; by default the pipeline's", wholeNumber)
    .option("--to <file>", "file to write", "samples.npy");
  sampleCommand.action(async () => {
    const options = sampleCommand.opts<
      CommonOptions & { count: number; seed?: number; to: string }
    >();
    await session(await pipelineOf(sampleCommand), options, async ({ terminal, execution }) => {
      const model = await modelOf(execution);
      const samples = await model.sample(options.count, { seed: options.seed });
      await writeNpy(options.to, samples);
      showSolve(terminal, samples);
      terminal.info(`${options.count} samples [${samples.shape.join(", ")}] in ${options.to}`);
      return partSummary(execution, runFolder(execution.graph, options), { files: [options.to] });
    });
  });

  const likelihoodCommand = work(
    "likelihood",
    "log-likelihood of the test part, or of points in a .npy file",
  )
    .argument("[points]", ".npy file of points, [n, ...event]")
    .option("--to <file>", "also write the log-likelihood of each point to this .npy file");
  likelihoodCommand.action(async () => {
    const options = likelihoodCommand.opts<CommonOptions & { to?: string }>();
    const [points] = rest(likelihoodCommand);
    await session(
      await pipelineOf(likelihoodCommand),
      options,
      async ({ terminal, execution }) => {
        const model = await modelOf(execution);
        const x = points === undefined
          ? testPoints(execution)
          : await pointsOf(points, model.eventShape);
        const values = await model.logLikelihood(x);
        showSolve(terminal, values);
        const metrics = [meanLogLikelihood(values.data)];
        showMetrics(terminal, metrics);
        if (options.to !== undefined) await writeNpy(options.to, values);
        return partSummary(execution, runFolder(execution.graph, options), {
          metrics,
          files: options.to === undefined ? [] : [options.to],
        });
      },
    );
  });

  const metricsCommand = work("metrics", "measure the pipeline's metrics");
  metricsCommand.action(async () => {
    await session(
      await pipelineOf(metricsCommand),
      metricsCommand.opts<CommonOptions>(),
      async ({ terminal, execution, options }) => {
        const metrics = await execution.metrics();
        showMetrics(terminal, metrics);
        showTimings(terminal, execution);
        return partSummary(execution, runFolder(execution.graph, options), { metrics });
      },
    );
  });

  const graphCommand = work("graph", "show the execution graph")
    .addOption(new Option("--mermaid", "as a Mermaid flowchart").conflicts("json"));
  graphCommand.action(async () => {
    const options = graphCommand.opts<CommonOptions & { mermaid?: boolean }>();
    const quiet = { ...options, quiet: true };
    await session(await pipelineOf(graphCommand), quiet, ({ execution: { graph } }) => {
      if (options.mermaid) writerTo(Deno.stdout)(mermaid(graph));
      else if (!options.json) terminalOf({}).tree(tree(graph));
      return Promise.resolve(graph);
    });
  });

  const statusCommand = work("status", "say for each node whether its result is stored");
  statusCommand.action(async () => {
    const options = statusCommand.opts<CommonOptions>();
    await session(await pipelineOf(statusCommand), options, async ({ terminal, execution }) => {
      const rows: { node: string; stored: boolean }[] = [];
      for (const { id, kind } of execution.graph.nodes) {
        if (kind !== "training" && kind !== "solver" && kind !== "metric") continue;
        rows.push({ node: id, stored: await execution.stored(id) !== null });
      }
      terminal.table(
        ["node", "state"],
        rows.map(({ node, stored }) => [node, stored ? "up to date" : "to be run"]),
      );
      return rows;
    });
  });

  program.command("schema")
    .description("print the JSON Schema of spec.json, for editors")
    .action(() => writerTo(Deno.stdout)(JSON.stringify(schema(), null, 2) + "\n"));
  return program;
}

/** Runs the commands on these arguments; what commander has already said (help, a wrong option) is an exit code. */
export async function dispatch(program: Command, args: readonly string[]): Promise<number> {
  const names = [...program.commands.map((command) => command.name()), "help"];
  const [first] = args;
  if (first !== undefined && !first.startsWith("-") && !names.includes(first)) {
    const meant = nearest(first, names);
    throw new InputError(
      `unknown command '${first}'${meant === undefined ? "" : `; did you mean '${meant}'?`} ` +
        `There are ${names.join(", ")}`,
    );
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}

function showMetrics(terminal: Terminal, metrics: readonly MetricResult[]): void {
  if (metrics.length > 0) terminal.metrics(metrics);
  for (const { name, warning } of metrics) {
    if (warning !== null) terminal.warn(`${name}: ${warning}`);
  }
}

/** What a solve cost, and which samples it gave up on. */
function showSolve(terminal: Terminal, { solve }: Solved): void {
  const { evaluations } = solve;
  terminal.info(
    `${formatNumber(evaluations.mean)} evaluations a sample (at most ${evaluations.max})`,
  );
  const warning = warningOf(solve);
  if (warning !== null) terminal.warn(warning);
}

function partSummary(
  execution: Execution,
  folder: string,
  found: {
    readonly metrics?: readonly MetricResult[];
    readonly files?: readonly string[];
    readonly loss?: Float32Array | null;
  },
): ReturnType<typeof summaryOf> {
  return summaryOf(execution.graph, {
    backend: execution.backend.name,
    folder,
    metrics: found.metrics ?? [],
    timings: execution.timings,
    files: found.files ?? [],
    loss: found.loss ?? null,
  });
}

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

function positiveInteger(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError("It must be at least 1.");
  return value;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError("It must be a whole number.");
  }
  return value;
}
