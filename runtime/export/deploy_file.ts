import type { PipelineSpec } from "../../dsl/mod.ts";
import type { Program, Tensor } from "../../graph/mod.ts";
import type { Dataset } from "../data/mod.ts";
import type { DivergenceKind } from "../divergence.ts";
import type { Model } from "../model.ts";
import type { FixedTensor, ValueText } from "../onnx/mod.ts";
import type { OpenField } from "../solving/integrate.ts";

/** A model as far as files are made of it. */
export interface Deployed {
  readonly spec: PipelineSpec;
  readonly dim: number;
  /** The field in the units that the network sees. */
  readonly open: OpenField;
  readonly source: Space;
  readonly target: Space;
  readonly divergence: DivergenceKind;
}

/** The units and the shape in which samples come from a data set. */
export type Space = Pick<Dataset, "eventShape" | "standardization">;

/** What a file holds. */
export interface Content {
  readonly program: Program;
  /** What every input and output is. */
  readonly values: Readonly<Record<string, ValueText>>;
  /** Inputs that may be left out, with what they then are. */
  readonly defaults: Readonly<Record<string, FixedTensor>>;
}

/** Points to compare a file with the backend on. */
export interface Points {
  /** Points of the source, [n, ...event]. */
  readonly source: Tensor;
  /** Points of the target, [n, ...event]. */
  readonly target: Tensor;
}

/** A file that a model leaves as: one record per file, listed in `files/mod.ts`. */
export interface DeployFile {
  /** Its name without `.onnx`. */
  readonly name: "velocity" | "sampler" | "encoder" | "likelihood" | "trajectory";
  /** What it is for, in a sentence. */
  readonly text: string;
  /** What it holds, or why there is no such file for this model. */
  make(model: Deployed): Content | { readonly missing: string };
  /** Inputs to try the file on. */
  inputs(points: Points): Readonly<Record<string, Tensor>>;
  /** What the model itself gives for these inputs, for some of the outputs. */
  expected(
    model: Model,
    inputs: Readonly<Record<string, Tensor>>,
    divergence: DivergenceKind,
  ): Promise<Readonly<Record<string, Tensor>>>;
}
