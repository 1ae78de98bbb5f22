import { compile } from "../compiler/compile.ts";
import type { ExecutionGraph } from "../compiler/execution_graph.ts";
import { dimensionOf, InputError, type PipelineSpec } from "../dsl/mod.ts";
import type { Network } from "../nodes/velocity/mod.ts";
import { type Dataset, openData, openSource } from "./data/mod.ts";
import type { NamedTensors } from "./safetensors.ts";

/** A spec with its data opened, the network that its velocity names read, and its execution graph. */
export interface Prepared {
  readonly graph: ExecutionGraph;
  readonly source: Dataset;
  readonly target: Dataset;
  /** The network of an imported velocity. */
  readonly network?: Network;
  /** Weights that came with it; empty for others. */
  readonly weights: NamedTensors;
}

/**
 * Opens the files of a spec and compiles it with what they say: dimension and content.
 *
 * @param backend Name and version of the backend that will run the graph; without one, hashes are those of no backend.
 * @throws {InputError} If files cannot be read, do not fit together, or data are fewer than a batch.
 */
export async function prepare(spec: PipelineSpec, backend?: string): Promise<Prepared> {
  const target = await naming("target", () => openData(spec.target));
  const dim = dimensionOf(spec.source) ?? target.dim;
  const source = await naming("source", () => openSource(spec.source, { dim }));
  const { velocity } = spec;
  const imported = velocity.kind !== "onnx" ? null : await naming("velocity", async () => {
    const { readNetwork } = await import("./onnx_import/mod.ts");
    return await readNetwork(velocity, { dim: target.dim });
  });
  const network = imported?.network;
  const graph = compile(spec, {
    network,
    source: { dim: source.dim, digest: source.digest },
    target: { dim: target.dim, digest: target.digest },
    backend,
  });
  if (spec.training !== null) {
    const own = "batchSize" in spec.coupling ? spec.coupling.batchSize : null;
    const batch = own ?? spec.training.batchSize;
    for (const [field, { parts }] of [["source", source], ["target", target]] as const) {
      if (parts.train.rows < batch) {
        throw new InputError(
          `${field}: its train part has ${parts.train.rows} rows, and a batch takes ${batch}: ` +
            `lower ${
              own === null ? "training.batchSize" : "coupling.batchSize"
            }, or give more rows`,
          { field },
        );
      }
    }
  }
  return { graph, source, target, network, weights: imported?.weights ?? new Map() };
}

/** Names the part of the spec in front of a message about its data. */
async function naming<T>(field: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${field}: ${error.message}`, {
      field: error.field === undefined ? field : `${field}.${error.field}`,
      cause: error,
    });
  }
}
