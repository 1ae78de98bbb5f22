import { CODE } from "../../compiler/compile.ts";
import { hash, type SolverSpec, type SourceSpec } from "../../dsl/mod.ts";
import type { Dim, Expression } from "../../graph/mod.ts";
import { toJson } from "../json.ts";
import type { MetricResult } from "../metrics.ts";
import { elementType, nameOf } from "../onnx/mod.ts";
import type { DivergenceKind } from "../divergence.ts";
import type { Content, Deployed, DeployFile } from "./deploy_file.ts";
import type { Precision } from "./precision.ts";

/** What exported files are and where they come from: `manifest.json`, and in short each file's own metadata. */
export interface Manifest {
  /** Version of this format. */
  readonly version: 1;
  /** The library and its version. */
  readonly library: string;
  /** Name of the pipeline. */
  readonly name: string;
  /** SHA-256 of the pipeline's spec. */
  readonly hash: string;
  /** Seed of the pipeline. */
  readonly seed: number;
  /** How weights lie in the files. */
  readonly precision: Precision;
  /** How log-likelihoods find the divergence. */
  readonly divergence: DivergenceKind;
  /** The distribution that the sampler's input is drawn from: its spec, and the sizes of one point. */
  readonly source: SourceSpec & { readonly shape: readonly number[] };
  /** The kind of data that the model was made for, and the sizes of one sample. */
  readonly target: { readonly kind: string; readonly shape: readonly number[] };
  /** Licence of the data that the model was fitted to. */
  readonly licence: string;
  /**
   * The affine map between the data and what the network sees, one number a coordinate: x = mean + scale z. Null for none. The
   * files apply it themselves.
   */
  readonly standardization:
    | { readonly mean: readonly number[]; readonly scale: readonly number[] }
    | null;
  /** The solver inside the files. */
  readonly solver: SolverSpec;
  /** What was measured of the model when the files were written. */
  readonly metrics: readonly MetricResult[];
  /** The files, with every input and output. */
  readonly files: readonly FileText[];
  /** Files that there are not, and why. */
  readonly leftOut: readonly { readonly file: string; readonly reason: string }[];
}

/** A file for its readers. */
export interface FileText {
  /** Its name in the folder. */
  readonly file: string;
  /** What it does. */
  readonly text: string;
  /** What is handed in. */
  readonly inputs: readonly ValueLine[];
  /** What is handed out. */
  readonly outputs: readonly ValueLine[];
}

/** An input or output for its readers. */
export interface ValueLine {
  /** Its name. */
  readonly name: string;
  /** `float32` or `int32`. */
  readonly type: string;
  /** Sizes; a name is a size that may be any. */
  readonly shape: readonly Dim[];
  /** What an input is that is left out; null where it must be given, and of outputs. */
  readonly default: number | null;
  /** What it is. */
  readonly text: string;
}

/** A file with what it holds. */
export interface MadeFile {
  readonly file: DeployFile;
  readonly content: Content;
}

/** Writes down what the files of a model are. */
export function manifestOf(
  model: Deployed,
  { files, leftOut, metrics, precision }: {
    readonly files: readonly MadeFile[];
    readonly leftOut: Manifest["leftOut"];
    readonly metrics: readonly MetricResult[];
    readonly precision: Precision;
  },
): Manifest {
  const { spec, dim, source, target, divergence } = model;
  const { standardization } = target;
  return {
    version: 1,
    library: `pushforward ${CODE.release}`,
    name: spec.name,
    hash: hash(spec),
    seed: spec.seed,
    precision,
    divergence,
    source: { ...describedSource(spec.source, dim), shape: source.eventShape },
    target: { kind: spec.target.kind, shape: target.eventShape },
    licence: licenceOf(spec.target),
    standardization: standardization && {
      mean: [...standardization.mean],
      scale: [...standardization.scale],
    },
    solver: spec.solver,
    metrics,
    files: files.map(({ file, content }) => textOf(file, model, content)),
    leftOut,
  };
}

/** The facts that every file carries in its metadata, as text. */
export function metadataOf(manifest: Manifest): Record<string, string> {
  const { library, name, hash, seed, precision, licence, source } = manifest;
  const { standardization, solver, metrics, divergence } = manifest;
  return {
    name,
    hash,
    seed: String(seed),
    library,
    licence,
    precision,
    divergence,
    source: toJson(source),
    standardization: toJson(standardization),
    solver: toJson(solver),
    metrics: toJson(metrics),
  };
}

function textOf(file: DeployFile, { open }: Deployed, content: Content): FileText {
  const { program, values, defaults } = content;
  const line = (name: string, { dtype, shape }: Expression): ValueLine => ({
    name,
    type: elementType(dtype),
    shape: values[name].shape ?? shape,
    default: defaults[name]?.data[0] ?? null,
    text: values[name].text,
  });
  return {
    file: `${file.name}.onnx`,
    text: file.text,
    inputs: program.inputs.filter((input) => !open.parameters.includes(input))
      .map((input) => line(nameOf(input), input)),
    outputs: Object.entries(program.outputs).map(([name, value]) => line(name, value)),
  };
}

/** A source with its dimension, and without rows of data, which may be many. */
function describedSource(source: SourceSpec, dim: number): SourceSpec {
  if (source.kind === "array") return { ...source, data: "" };
  return source.kind === "gaussian" || source.kind === "uniform" ? { ...source, dim } : source;
}

function licenceOf(target: Deployed["spec"]["target"]): string {
  if (!("standardize" in target)) return "none needed: the data are drawn from a formula";
  return target.licence ?? "not stated";
}
