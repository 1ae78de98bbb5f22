import { join } from "node:path";
import { CODE } from "../../compiler/compile.ts";
import { InputError, type PipelineSpec } from "../../dsl/mod.ts";
import { simplifyProgram } from "../../graph/mod.ts";
import { type Dataset, unstandardize } from "../data/mod.ts";
import { type DivergenceKind, DIVERGENCES } from "../divergence.ts";
import { writableFolder } from "../files.ts";
import type { Flow } from "../flow.ts";
import { toJson } from "../json.ts";
import { measuredOn, type MetricResult } from "../metrics.ts";
import type { Model } from "../model.ts";
import { oneOf } from "../one_of.ts";
import { lower } from "../onnx/mod.ts";
import { cardOf } from "./card.ts";
import { type Check, checkFile } from "./check.ts";
import type { Deployed, Space } from "./deploy_file.ts";
import { DEPLOY_FILES } from "./files/mod.ts";
import { type MadeFile, type Manifest, manifestOf, metadataOf } from "./manifest.ts";
import {
  type Precision,
  type PrecisionLoss,
  precisionLoss,
  PRECISIONS,
  roundToFloat16,
} from "./precision.ts";
import { writeTogether } from "./write.ts";

/** How to export a model. */
export interface ExportOptions {
  /**
   * How weights lie in the files; `"float32"` by default. `"float16"` halves the files: weights are rounded, arithmetic
   * stays float32, and what it costs is measured.
   */
  readonly precision?: Precision;
  /** How `likelihood.onnx` finds the divergence; `"exact"` by default. `"hutchinson"` costs the same in any dimension. */
  readonly divergence?: DivergenceKind;
  /** Whether to run every file in `onnxruntime-web` and compare it with the model. */
  readonly check?: boolean;
}

/** A file that was written. */
export interface ExportedFile {
  /** Its name in the folder. */
  readonly file: string;
  /** Its size. */
  readonly bytes: number;
}

/** What an export wrote. */
export interface Export {
  /** The folder. */
  readonly folder: string;
  /** Paths of all files, the card and the manifest among them. */
  readonly paths: readonly string[];
  /** The ONNX files. */
  readonly files: readonly ExportedFile[];
  /** What `manifest.json` says. */
  readonly manifest: Manifest;
  /** What rounding cost; empty with float32, and for a closed form, which has no weights. */
  readonly losses: readonly PrecisionLoss[];
  /** How each output compared; empty unless it was asked for. */
  readonly checks: readonly Check[];
}

/** What an export is made from. */
export interface ExportParts {
  readonly spec: PipelineSpec;
  readonly flow: Flow;
  readonly source: Dataset;
  readonly target: Space;
  /** What has been measured of the model. */
  readonly metrics: readonly MetricResult[];
  /** Opens the data of the target, to measure what rounding costs. */
  readonly openTarget: () => Promise<Dataset>;
  /** The model of another flow with the same data. */
  readonly modelOf: (flow: Flow) => Model;
}

/** Points that a check compares. */
const POINTS = 64;

/**
 * Writes a model as ONNX files into a folder, with `manifest.json` for programs and `model_card.md` for people.
 *
 * @throws {InputError} If an option or the folder cannot be used, or a weight is too large for float16.
 *
 * @example The files of a model, as `model.export` writes them
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, pipeline, run, solver, training, velocity } from "../../mod.ts";
 * const spec = pipeline({
 *   target: data.twoMoons(),
 *   velocity: velocity.mlp({ hidden: [16] }),
 *   training: training({ steps: 10, batchSize: 32 }),
 *   solver: solver.euler({ steps: 5 }),
 * });
 * const { model, folder } = await run(spec, { folder: await Deno.makeTempDir() });
 * const { files } = await model.export(`${folder}/for-python`, { precision: "float16" });
 * assert.equal(files[0].file, "sampler.onnx");
 * await model.close();
 * ```
 */
export async function exportModel(
  parts: ExportParts,
  folder: string,
  options: ExportOptions = {},
): Promise<Export> {
  const { spec, flow, source, target, metrics } = parts;
  const precision = oneOf("precision", options.precision ?? "float32", PRECISIONS);
  const divergence = oneOf("divergence", options.divergence ?? "exact", DIVERGENCES);
  if (typeof folder !== "string" || folder === "") {
    throw new InputError(`folder must be the path of a folder, found ${toJson(folder) ?? folder}`, {
      field: "folder",
    });
  }
  await writableFolder(folder);
  const { values } = flow.open;
  const rounded = precision === "float16" && values.size > 0 ? roundToFloat16(values) : null;
  const deployed: Deployed = { spec, dim: flow.dim, open: flow.open, source, target, divergence };

  const made: MadeFile[] = [];
  const leftOut: { file: string; reason: string }[] = [];
  for (const file of DEPLOY_FILES) {
    const content = file.make(deployed);
    if ("missing" in content) leftOut.push({ file: `${file.name}.onnx`, reason: content.missing });
    else made.push({ file, content: { ...content, program: simplifyProgram(content.program) } });
  }
  const manifest = manifestOf(deployed, { files: made, leftOut, metrics, precision });
  const metadata = metadataOf(manifest);
  const encoded = made.map(({ file, content: { program, values: texts, defaults } }) =>
    [
      `${file.name}.onnx`,
      lower(program, {
        fixed: Object.fromEntries(values),
        defaults,
        deploy: {
          version: CODE.release,
          text: file.text,
          metadata,
          values: texts,
          weights: precision,
        },
      }),
    ] as const
  );
  const paths = await writeTogether(
    folder,
    {
      ...Object.fromEntries(encoded),
      "manifest.json": toJson(manifest, 2) + "\n",
      "model_card.md": cardOf(manifest),
    },
    leftOut.map(({ file }) => file),
  );
  const exact = rounded === null ? null : flow.withParameters(rounded);
  try {
    return {
      folder,
      paths,
      files: encoded.map(([file, { byteLength }]) => ({ file, bytes: byteLength })),
      manifest,
      losses: exact === null ? [] : await lossesOf(parts, exact),
      checks: options.check ? await checksOf(parts, deployed, made, folder, exact ?? flow) : [],
    };
  } finally {
    await exact?.close();
  }
}

/** Runs the files as they lie on the disk. */
async function checksOf(
  { modelOf, source, spec }: ExportParts,
  deployed: Deployed,
  made: readonly MadeFile[],
  folder: string,
  flow: Flow,
): Promise<Check[]> {
  const model = modelOf(flow);
  const at = { seed: spec.seed, stream: "export/check", step: 0 };
  const drawn = source.parts.test.draw(Math.min(POINTS, source.parts.test.rows), at);
  const points = {
    source: {
      ...unstandardize(drawn, source.standardization),
      shape: [drawn.shape[0], ...source.eventShape],
    },
  };
  const target = await model.sample(drawn.shape[0], points);
  const checks: Check[] = [];
  for (const { file } of made) {
    const bytes = await Deno.readFile(join(folder, `${file.name}.onnx`));
    checks.push(
      ...await checkFile(file, bytes, { deployed, model, points: { ...points, target } }),
    );
  }
  return checks;
}

async function lossesOf(
  { spec, flow, source, openTarget }: ExportParts,
  rounded: Flow,
): Promise<PrecisionLoss[]> {
  const on = measuredOn({ flow, seed: spec.seed, source, target: await openTarget() });
  return await precisionLoss(rounded, on, source.density !== null);
}
