import { InputError } from "../dsl/error.ts";
import { digest } from "../dsl/canonical.ts";
import { dimensionOf, hash, type PipelineSpec } from "../dsl/mod.ts";
import type { Shape } from "../graph/mod.ts";
import { type Network, parameterCount } from "../nodes/velocity/mod.ts";
import { displayed } from "./display.ts";
import { checkGraph, type ExecutionGraph, type ExecutionNode } from "./execution_graph.ts";
import { label } from "./label.ts";
import { type NodeKind, PORTS } from "./ports.ts";
import { RELEASE } from "./release.ts";
import { velocityIn } from "./velocity_in.ts";

/** What is known of the data once it has been read. */
export interface DataFacts {
  /** Numbers in a sample. */
  readonly dim: number;
  /** SHA-256 of the content. */
  readonly digest: string;
}

/** What compiling may use beside the spec. */
export interface CompileOptions {
  /** Facts of the source, when it is a data set that has been read. */
  readonly source?: DataFacts;
  /** Facts of the target, when it has been read. */
  readonly target?: DataFacts;
  /** The velocity's network, when it is in a file that has been read. */
  readonly network?: Network;
  /** Name and version of the backend: it is part of what determines the bits of a result. */
  readonly backend?: string;
}

/**
 * What results depend on beside the spec: a release may change the bits of any node, and `revision` is raised when a
 * change between releases does.
 */
export const CODE: Code = { release: RELEASE, revision: 2 };

/** A version of this code. */
export interface Code {
  readonly release: string;
  readonly revision: number;
}

/**
 * Makes the execution graph of a spec: typed nodes in an order in which they can run, content-addressed.
 *
 * A node's hash covers its own settings, the seed, the content of data files, and the hashes of its inputs; so
 * changing a metric leaves the hash of the training as it is.
 *
 * @throws {InputError} If the dimension is not known without reading a file and `options` do not give it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compile, data, pipeline } from "../mod.ts";
 * const graph = compile(pipeline({ target: data.twoMoons() }));
 * assert.equal(graph.dim, 2);
 * assert.ok(graph.nodes.some((node) => node.kind === "training"));
 * ```
 */
export function compile(spec: PipelineSpec, options: CompileOptions = {}): ExecutionGraph {
  const dim = options.target?.dim ?? dimensionOf(spec.target);
  if (dim === null) {
    throw new InputError(
      "target: the dimension is known only once the file is read; give 'dim' or 'columns', or use run()",
      { field: "target" },
    );
  }
  const sourceDim = options.source?.dim ?? dimensionOf(spec.source) ?? dim;
  if (sourceDim !== dim) {
    throw new InputError(
      `source: it has dimension ${sourceDim}, and the target has dimension ${dim}: a flow needs both equal`,
      { field: "source" },
    );
  }
  const nodes: ExecutionNode[] = [];
  const add = (
    kind: NodeKind,
    part: { readonly kind: string } | null,
    inputs: Readonly<Record<string, string>>,
    rest: {
      readonly id?: string;
      /** Digest of what the part draws, where the data have been read. */
      readonly content?: string;
      readonly facts?: unknown;
      readonly shape?: Shape;
      readonly parameters?: number | null;
      readonly flops?: number | null;
    } = {},
  ): string => {
    const id = rest.id ?? kind;
    const edges = Object.entries(inputs).map(([port, node]) => {
      const from = nodes.find((n) => n.id === node)!;
      return [port, { node, port: Object.keys(from.outputs)[0] }, from.hash] as const;
    });
    nodes.push({
      id,
      kind,
      label: part === null ? kind : label(part),
      inputs: Object.fromEntries(edges.map(([port, reference]) => [port, reference])),
      outputs: Object.fromEntries(
        Object.entries(PORTS[kind].outputs).map((
          [port, type],
        ) => [port, { type, shape: rest.shape ?? [] }]),
      ),
      hash: digest({
        code: CODE,
        kind,
        part: rest.content === undefined ? part : { content: rest.content }, // wherever the file lies
        facts: rest.facts ?? null,
        seed: spec.seed,
        inputs: Object.fromEntries(edges.map(([port, , hash]) => [port, hash])),
      }),
      parameters: rest.parameters ?? null,
      flopsPerStep: rest.flops ?? null,
    });
    return id;
  };

  const { training } = spec;
  const backend = options.backend ?? null;
  const { network } = options;
  const unread = spec.velocity.kind === "onnx" && network === undefined;
  const velocity = unread ? null : velocityIn(spec, dim, network);
  const parameters = velocity?.parameters.length ? parameterCount(velocity) : null;
  const flops = velocity && velocity.flops(1);
  const source = add("source", spec.source, {}, {
    content: options.source?.digest,
    shape: ["n", dim],
  });
  const target = add("data", spec.target, {}, {
    content: options.target?.digest,
    shape: ["n", dim],
  });
  const path = add("interpolant", spec.interpolant, {}, { shape: ["n", dim] });
  let field: string;
  if (training === null) {
    field = add("closedForm", spec.velocity, { path, source, target }, {
      content: network?.digest,
      shape: ["n", dim],
      parameters,
      flops,
    });
  } else {
    const batch: Shape = [training.batchSize, dim];
    const pairs = add("coupling", spec.coupling, { source, target }, { shape: batch });
    const untrained = add("velocity", spec.velocity, {}, {
      facts: dim,
      shape: batch,
      parameters,
      flops,
    });
    const loss = add("objective", spec.objective, { path, network: untrained });
    field = add("training", { kind: "training", ...training }, { pairs, loss }, {
      facts: backend,
      shape: ["n", dim],
      flops: velocity && 3 * velocity.flops(training.batchSize), // forward, and twice as much backward
    });
  }
  const flow = add("solver", spec.solver, { field, source }, {
    facts: backend,
    shape: ["n", dim],
    flops,
  });
  for (const [i, metric] of spec.metrics.entries()) {
    const twin = spec.metrics.findIndex((m) => m.kind === metric.kind) !== i;
    add("metric", metric, { flow, target }, {
      id: twin ? `metric.${metric.kind}.${i}` : `metric.${metric.kind}`,
      facts: backend,
    });
  }
  const graph: ExecutionGraph = displayed("graph", { spec, hash: hash(spec), dim, nodes });
  checkGraph(graph);
  return graph;
}
