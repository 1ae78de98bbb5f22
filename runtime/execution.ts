import { join } from "node:path";
import { type ExecutionGraph, nodeOf } from "../compiler/execution_graph.ts";
import { velocityIn } from "../compiler/velocity_in.ts";
import { interpolantOf } from "../nodes/interpolant/mod.ts";
import { InputError, type PipelineSpec } from "../dsl/mod.ts";
import type { Tensor } from "../graph/mod.ts";
import { type Backend, openBackend } from "./backends/mod.ts";
import { type Dataset, encodeNpy, logDeterminant, readNpy } from "./data/mod.ts";
import { fileOperation } from "./files.ts";
import { fromJson, toJson } from "./json.ts";
import { type Flow, openFlow } from "./flow.ts";
import { measure, type MetricResult } from "./metrics.ts";
import { prepare, type Prepared } from "./prepare.ts";
import type { RunOptions, Timing } from "./run.ts";
import { decodeSafetensors, encodeSafetensors, type NamedTensors } from "./safetensors.ts";
import type { SolveReport } from "./solving/report.ts";
import { openStore } from "./store.ts";
import { train } from "./training/train.ts";

/** What the training of a velocity left in the store. */
export interface Weights {
  readonly parameters: NamedTensors;
  /** Loss of every step; null for a closed form. */
  readonly loss: Float32Array | null;
}

/** A pipeline at work: each part is done when it is first asked for, and taken from the store where it is there. */
export interface Execution {
  readonly graph: ExecutionGraph;
  readonly backend: Backend;
  readonly source: Dataset;
  readonly target: Dataset;
  /** Nodes done so far, in order. */
  readonly timings: readonly Timing[];
  weights(): Promise<Weights>;
  flow(): Promise<Flow>;
  /** Samples to keep, [n, d], as the network sees them, with what they cost. */
  samples(): Promise<{ readonly x: Tensor; readonly report: SolveReport }>;
  metrics(): Promise<readonly MetricResult[]>;
  /** The files of a node's result, by the node's id; null when it has not been run. */
  stored(node: string): Promise<string | null>;
  close(): Promise<void>;
}

/** Samples that a run keeps. */
const SAMPLES = 5_000;

/** Opens data and backend, and compiles; nothing long is done yet. */
export async function openExecution(
  spec: PipelineSpec,
  options: RunOptions = {},
): Promise<Execution> {
  const root = options.folder ?? "runs";
  const store = openStore(join(root, ".store"));
  const backend = await openBackend(options.backend ?? "auto");
  const prepared = await prepare(spec, backend.identity).catch(async (error) => {
    await backend.close();
    throw error;
  });
  const { graph, source, target } = prepared;
  const timings: Timing[] = [];
  const remembered = new Map<string, Promise<unknown>>();

  /** The result of a node: from memory, from the store, or made and put there. */
  const node = <T>(
    id: string,
    make: () => Promise<T>,
    write: (folder: string, result: T) => Promise<void>,
    read: (folder: string) => Promise<T>,
  ): Promise<T> => {
    const known = remembered.get(id) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const result = (async () => {
      const { hash } = nodeOf(graph, id);
      const start = performance.now();
      const done = (stored: boolean) =>
        timings.push({ node: id, seconds: (performance.now() - start) / 1000, stored });
      const folder = options.force ? null : await store.find(hash);
      if (folder !== null) {
        try {
          const value = await read(folder);
          done(true);
          return value;
        } catch (error) {
          if (!(error instanceof InputError || error instanceof SyntaxError)) throw error;
          options.onWarning?.(
            `the stored result of ${id} is damaged (${error.message}); it is made again`,
          );
        }
      }
      const value = await make();
      await store.put(hash, (aside) => write(aside, value), { replace: true });
      done(false);
      return value;
    })();
    remembered.set(id, result);
    return result;
  };

  const velocity = velocityIn(graph.spec, graph.dim);

  const weights = (): Promise<Weights> => {
    const { training, objective } = spec;
    if (training === null || objective === null) {
      return Promise.resolve({ parameters: new Map(), loss: null });
    }
    const { hash } = nodeOf(graph, "training");
    const folder = join(root, ".store", `${hash.slice(0, 32)}.partial`);
    return node<Weights>(
      "training",
      async () => {
        if (options.force) await removeFolder(folder);
        return await train({
          parts: {
            dim: graph.dim,
            interpolant: interpolantOf(spec.interpolant),
            velocity,
            objective,
            training,
          },
          recipe: {
            seed: spec.seed,
            batchSize: training.batchSize,
            dim: graph.dim,
            coupling: spec.coupling,
            source: source.serialize(),
            target: target.serialize(),
          },
          backend,
          hash,
          folder,
          signal: options.signal,
          onProgress: options.onProgress,
          onWarning: options.onWarning,
        });
      },
      async (aside, { parameters, loss }) => {
        await Deno.writeFile(join(aside, "weights.safetensors"), encodeSafetensors(parameters));
        await Deno.writeFile(
          join(aside, "loss.npy"),
          encodeNpy({ data: loss!, shape: [loss!.length] }),
        );
      },
      async (stored) => {
        const file = join(stored, "weights.safetensors");
        const bytes = await fileOperation("read", file, () => Deno.readFile(file));
        const loss = await readNpy(join(stored, "loss.npy"));
        return { parameters: decodeSafetensors(bytes, file).tensors, loss: loss.data };
      },
    ).then(async (result) => {
      await removeFolder(folder); // the result is in the store: its checkpoint has served
      return result;
    });
  };

  let opened: Promise<Flow> | null = null;
  const flow = (): Promise<Flow> =>
    opened ??= weights().then(({ parameters }) =>
      flowOf(prepared, { parameters, backend, signal: options.signal })
    );

  return {
    graph,
    backend,
    source,
    target,
    timings,
    weights,
    flow,
    samples: () =>
      node(
        "solver",
        async () => {
          const count = Math.min(SAMPLES, source.parts.test.rows);
          const at = { seed: spec.seed, stream: "run/source", step: 0 };
          const { x, report } = await (await flow()).push(source.parts.test.draw(count, at));
          return { x, report };
        },
        async (aside, { x, report }) => {
          await Deno.writeFile(join(aside, "samples.npy"), encodeNpy(x));
          await Deno.writeTextFile(join(aside, "solve.json"), toJson(report));
        },
        async (stored) => ({
          x: await readNpy(join(stored, "samples.npy")),
          report: fromJson(await Deno.readTextFile(join(stored, "solve.json"))) as SolveReport,
        }),
      ),
    async metrics() {
      const results: MetricResult[] = [];
      for (const [i, { id }] of graph.nodes.filter((n) => n.kind === "metric").entries()) {
        const metric = spec.metrics[i];
        results.push(
          await node(
            id,
            async () =>
              await measure(
                metric,
                {
                  flow: await flow(),
                  seed: spec.seed,
                  source: source.parts.test,
                  target: target.parts.test,
                  fitted: target.parts.train,
                  logDeterminant: logDeterminant(target.standardization),
                  dequantize: target.dequantize,
                  standardized: target.standardization !== null,
                  signal: options.signal,
                },
                (done, total) => options.onProgress?.({ node: id, unit: "repeats", done, total }),
              ),
            (aside, result) => Deno.writeTextFile(join(aside, "metric.json"), toJson(result)),
            async (stored) =>
              fromJson(await Deno.readTextFile(join(stored, "metric.json"))) as MetricResult,
          ),
        );
      }
      return results;
    },
    stored: (id) => store.find(nodeOf(graph, id).hash),
    async close() {
      try {
        await (await opened)?.close();
      } catch { // what kept the flow from opening has been reported where it was asked for
      } finally {
        await backend.close();
      }
    },
  };
}

/** What a pipeline runs with. */
interface FlowContext {
  readonly parameters: NamedTensors;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
}

/** The flow of a prepared pipeline with these weights. */
function flowOf({ graph, source }: Prepared, context: FlowContext): Flow {
  const { spec, dim } = graph;
  const velocity = velocityIn(spec, dim);
  return openFlow({ spec, dim, velocity, density: source.density, ...context });
}

/** Removes a folder, if it is there. */
async function removeFolder(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
