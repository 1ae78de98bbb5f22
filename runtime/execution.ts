import { join } from "node:path";
import { type ExecutionGraph, nodeOf } from "../compiler/execution_graph.ts";
import { velocityIn } from "../compiler/velocity_in.ts";
import { interpolantOf } from "../nodes/interpolant/mod.ts";
import { digest } from "../dsl/canonical.ts";
import { InputError, type PipelineSpec } from "../dsl/mod.ts";
import type { Tensor } from "../graph/mod.ts";
import type { Network, Velocity } from "../nodes/velocity/mod.ts";
import { type Backend, type Elsewhere, openBackend } from "./backends/mod.ts";
import { type Dataset, encodeNpy, readNpy } from "./data/mod.ts";
import { fileOperation } from "./files.ts";
import { fromJson, toJson } from "./json.ts";
import { type Flow, openFlow } from "./flow.ts";
import { basisOf, readMade, writeMade } from "./made.ts";
import { measure, measuredOn, type MetricResult } from "./metrics.ts";
import { type Planned, planOf } from "./plan.ts";
import {
  encodePictureData,
  makePictureData,
  type PictureData,
  readPictureData,
} from "./picture_data.ts";
import { prepare, type Prepared } from "./prepare.ts";
import type { RunOptions, Timing } from "./run.ts";
import { decodeSafetensors, encodeSafetensors, type NamedTensors } from "./safetensors.ts";
import type { SolveReport } from "./solving/report.ts";
import { openStore } from "./store.ts";
import { removeCheckpoint } from "./training/checkpoint.ts";
import { train } from "./training/train.ts";

/** The parameters of a velocity: what training left in the store, or what came with it. */
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
  /** The network of an imported velocity. */
  readonly network: Network | undefined;
  /** Nodes done so far, in order. */
  readonly timings: readonly Timing[];
  /** Programs that another backend ran for what was done so far, whenever that was. */
  readonly elsewhere: readonly Elsewhere[];
  weights(): Promise<Weights>;
  flow(): Promise<Flow>;
  /** Samples to keep, [n, d], as the network sees them, with what they cost. */
  samples(): Promise<{ readonly x: Tensor; readonly report: SolveReport }>;
  metrics(): Promise<readonly MetricResult[]>;
  /** Says of each node with a result whether it is stored, and if not, why. */
  plan(): Promise<readonly Planned[]>;
  /** What pictures of the run show beside the samples. */
  pictureData(): Promise<PictureData>;
  close(): Promise<void>;
}

/** How the result of a kind of node is made, kept and read back. */
interface Kind<T> {
  /** Of a result beside the graph: what it is kept under, and the node that it is made from. */
  readonly beside?: { readonly hash: string; readonly node: string };
  /** Folder of what is kept while it is made, and has served once the result is in the store. */
  readonly partial?: string;
  /** `before` takes the seconds that were spent on it before it was interrupted. */
  make(before: (seconds: number) => void): Promise<T>;
  write(folder: string, result: T): Promise<void>;
  read(folder: string): Promise<T>;
}

/** Samples that a run keeps. */
const SAMPLES = 5_000;

/**
 * Opens data and backend, and compiles; nothing long is done yet.
 *
 * @param given `weights`: takes the place of training.
 */
export async function openExecution(
  spec: PipelineSpec,
  options: RunOptions = {},
  given: { readonly weights?: Weights } = {},
): Promise<Execution> {
  const { checkpointEvery = 15 } = options;
  if (!(checkpointEvery >= 0)) {
    throw new InputError(
      `checkpointEvery must be a number of seconds, at least 0: found ${checkpointEvery}`,
      { field: "checkpointEvery" },
    );
  }
  const root = options.folder ?? "runs";
  const store = openStore(join(root, ".store"));
  const { backend: choice = "auto", threads, onWarning } = options;
  /** By name, for all results. */
  const elsewhere = new Map<string, Elsewhere>();
  /** By name, for each result that is being made. */
  const making = new Set<Map<string, Elsewhere>>();
  const onElsewhere = (ran: Elsewhere): void => {
    for (const programs of [elsewhere, ...making]) programs.set(ran.program, ran);
  };
  const backend = await openBackend(choice, { threads, onWarning, onElsewhere });
  const prepared = await prepare(spec, backend.identity).catch(async (error) => {
    await backend.close();
    throw error;
  });
  const { graph, source, target, network } = prepared;
  const timings: Timing[] = [];
  const remembered = new Map<string, Promise<unknown>>();

  /** The result of a node: from memory, from the store, or made and put there. */
  const node = <T>(id: string, kind: Kind<T>): Promise<T> => {
    const known = remembered.get(id) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const result = (async () => {
      const hash = kind.beside?.hash ?? nodeOf(graph, id).hash;
      const start = performance.now();
      const seconds = (): number => (performance.now() - start) / 1000;
      const look = async (onDamage: (text: string) => void): Promise<{ value: T } | null> => {
        const folder = options.force ? null : await store.find(hash);
        if (folder === null) return null;
        try {
          const value = await kind.read(folder);
          const made = await readMade(folder);
          for (const ran of made?.elsewhere ?? []) elsewhere.set(ran.program, ran);
          const took = made?.seconds ?? null;
          timings.push({ node: id, seconds: seconds(), stored: true, made: took });
          return { value };
        } catch (error) {
          if (!(error instanceof InputError || error instanceof SyntaxError)) throw error;
          onDamage(error.message);
          return null;
        }
      };
      const clearPartial = async (): Promise<void> => {
        if (kind.partial !== undefined) await removeCheckpoint(kind.partial);
      };
      const there = await look(() => {}); // said below, if nobody mends it meanwhile
      const work = `${id} of ${spec.name}`;
      if (there !== null) {
        await store.clear(hash, { work, first: clearPartial, partial: kind.partial });
        return there.value;
      }
      await using _ = await store.hold(hash, {
        work,
        signal: options.signal,
        onWait: options.onWarning,
      });
      const meanwhile = await look((trouble) =>
        options.onWarning?.(`the stored result of ${id} is damaged (${trouble}); it is made again`)
      );
      if (meanwhile !== null) {
        await clearPartial();
        return meanwhile.value;
      }
      const begin = seconds();
      let before = 0;
      const ran = new Map<string, Elsewhere>();
      making.add(ran);
      const value = await kind.make((spent) => before = spent).finally(() => making.delete(ran));
      const made = before + seconds() - begin;
      await store.put(hash, async (aside) => {
        await kind.write(aside, value);
        const basis = basisOf(prepared, backend.identity, kind.beside?.node ?? id);
        const named = { pipeline: spec.name, spec: graph.hash, node: id };
        const others = ran.size === 0 ? {} : { elsewhere: [...ran.values()] };
        await writeMade(aside, { seconds: made, ...named, basis, ...others });
      }, { replace: true });
      await clearPartial();
      timings.push({ node: id, seconds: seconds(), stored: false, made });
      return value;
    })();
    remembered.set(id, result);
    return result;
  };

  const velocity = velocityIn(graph.spec, graph.dim, network);

  const weights = (): Promise<Weights> => {
    const { training, objective } = spec;
    if (given.weights !== undefined) {
      checkFit(given.weights.parameters, velocity);
      return Promise.resolve(given.weights);
    }
    if (training === null || objective === null) {
      return Promise.resolve({ parameters: prepared.weights, loss: null });
    }
    const { hash } = nodeOf(graph, "training");
    const folder = join(root, ".store", `${hash.slice(0, 32)}.partial`);
    return node<Weights>("training", {
      partial: folder,
      make: async (before) => {
        if (options.force) await removeCheckpoint(folder);
        const trained = await train({
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
          checkpointEvery,
          signal: options.signal,
          onProgress: options.onProgress,
          onWarning: options.onWarning,
        });
        before(trained.before);
        return trained;
      },
      write: async (aside, { parameters, loss }) => {
        await Deno.writeFile(join(aside, "weights.safetensors"), encodeSafetensors(parameters));
        await Deno.writeFile(
          join(aside, "loss.npy"),
          encodeNpy({ data: loss!, shape: [loss!.length] }),
        );
      },
      read: async (stored) => {
        const file = join(stored, "weights.safetensors");
        const bytes = await fileOperation("read", file, () => Deno.readFile(file));
        const loss = await readNpy(join(stored, "loss.npy"));
        return { parameters: decodeSafetensors(bytes, file).tensors, loss: loss.data };
      },
    });
  };

  let opened: Promise<Flow> | null = null;
  const flow = (): Promise<Flow> =>
    opened ??= weights().then(({ parameters }) =>
      flowOf(prepared, { parameters, backend, signal: options.signal })
    );

  const samples = (): Promise<{ x: Tensor; report: SolveReport }> =>
    node("solver", {
      make: async () => {
        const count = Math.min(SAMPLES, source.parts.test.rows);
        const at = { seed: spec.seed, stream: "run/source", step: 0 };
        const { x, report } = await (await flow()).push(source.parts.test.draw(count, at));
        return { x, report };
      },
      write: async (aside, { x, report }) => {
        await Deno.writeFile(join(aside, "samples.npy"), encodeNpy(x));
        await Deno.writeTextFile(join(aside, "solve.json"), toJson(report));
      },
      read: async (stored) => ({
        x: await readNpy(join(stored, "samples.npy")),
        report: fromJson(await Deno.readTextFile(join(stored, "solve.json"))) as SolveReport,
      }),
    });

  return {
    graph,
    backend,
    source,
    target,
    network,
    timings,
    get elsewhere() {
      return [...elsewhere.values()];
    },
    weights,
    flow,
    samples,
    async metrics() {
      const results: MetricResult[] = [];
      for (const [i, { id }] of graph.nodes.filter((n) => n.kind === "metric").entries()) {
        const metric = spec.metrics[i];
        results.push(
          await node(id, {
            make: async () =>
              await measure(
                metric,
                measuredOn({
                  ...{ flow: await flow(), seed: spec.seed, source, target },
                  signal: options.signal,
                }),
                (done, total) => options.onProgress?.({ node: id, unit: "repeats", done, total }),
              ),
            write: (aside, result) =>
              Deno.writeTextFile(join(aside, "metric.json"), toJson(result)),
            read: async (stored) =>
              fromJson(await Deno.readTextFile(join(stored, "metric.json"))) as MetricResult,
          }),
        );
      }
      return results;
    },
    plan: () =>
      planOf({
        graph,
        root: store.root,
        stored: (id) => store.find(nodeOf(graph, id).hash),
        basis: (id) => basisOf(prepared, backend.identity, id),
      }),
    pictureData: () =>
      node("pictures", {
        beside: {
          hash: digest({ pictures: 1, flow: nodeOf(graph, "solver").hash, target: target.digest }),
          node: "solver",
        },
        make: async () => {
          const { x } = await samples();
          const { seed, solver } = spec;
          return await makePictureData({
            flow: await flow(),
            source,
            target,
            seed,
            solver,
            samples: x,
          });
        },
        write: async (aside, data) => {
          for (const [name, bytes] of Object.entries(encodePictureData(data))) {
            await Deno.writeFile(join(aside, name), bytes);
          }
        },
        read: readPictureData,
      }),
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
function flowOf({ graph, source, network }: Prepared, context: FlowContext): Flow {
  const { spec, dim } = graph;
  const velocity = velocityIn(spec, dim, network);
  return openFlow({ spec, dim, velocity, density: source.density, ...context });
}

/** @throws {InputError} If parameters are not those of the velocity. */
function checkFit(given: NamedTensors, velocity: Velocity): void {
  for (const { name, shape } of velocity.parameters) {
    const found = given.get(name)?.shape;
    if (`${found}` === `${shape}`) continue;
    throw new InputError(
      `The stored weights do not fit the pipeline: '${name}' has shape [${shape}], found ${
        found === undefined ? "none" : `[${found}]`
      }. Run the pipeline again, or verify it without --quick`,
    );
  }
}
