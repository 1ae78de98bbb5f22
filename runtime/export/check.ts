import { wasmOptions, wasmRuntime } from "../backends/mod.ts";
import type { Model } from "../model.ts";
import type { Deployed, DeployFile, Points } from "./deploy_file.ts";

/** An output of a file beside what the model gave for the same input. */
export interface Check {
  /** Name of the file. */
  readonly file: string;
  /** Name of the output. */
  readonly output: string;
  /** Points that were compared. */
  readonly points: number;
  /** Largest absolute difference, in units of the output. */
  readonly absolute: number;
  /** The same over the largest absolute value of the output. */
  readonly relative: number;
  /** What `relative` may be. */
  readonly tolerance: number;
  /** Whether it is. */
  readonly passed: boolean;
}

/** What rounding in float32, in another order of operations, may make of equal steps. */
const ROUNDING = 1e-4;
/** Errors of a solve, in tolerances of one step, by which two of them may differ. */
const STEPS = 10;
/** What no tolerance of a solver excuses: nearly all samples take the same steps on both sides. */
const MOST = 1e-2;

/**
 * Runs a file in `onnxruntime-web` and compares what it gives with what the model itself gives.
 *
 * Equal steps differ by rounding. Adaptive ones may also be accepted here and rejected there, so that two solves differ by as
 * much as their tolerances let them.
 */
export async function checkFile(
  file: DeployFile,
  bytes: Uint8Array,
  { deployed, model, points }: {
    readonly deployed: Deployed;
    readonly model: Model;
    readonly points: Points;
  },
): Promise<Check[]> {
  const inputs = file.inputs(points);
  const { runtime } = await wasmRuntime(navigator.hardwareConcurrency);
  const session = await runtime.InferenceSession.create(bytes, wasmOptions());
  try {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { data, shape }]) => [
        name,
        new runtime.Tensor("float32", data, shape),
      ]),
    );
    const found = await session.run(feeds);
    const expected = await file.expected(model, inputs, deployed.divergence);
    const { step } = deployed.spec.solver;
    const tolerance = step.kind === "fixed"
      ? ROUNDING
      : Math.min(MOST, Math.max(ROUNDING, STEPS * (step.rtol + step.atol)));
    return Object.entries(expected).map(([output, { data, shape }]) => {
      const difference = compare(found[output].data as Float32Array, data);
      const sameShape = `${(found[output] as { dims: readonly number[] }).dims}` === `${shape}`;
      return {
        file: `${file.name}.onnx`,
        output,
        points: points.source.shape[0],
        ...difference,
        tolerance,
        passed: sameShape && difference.relative <= tolerance,
      };
    });
  } finally {
    await session.release();
  }
}

/** Largest differences; equal infinities do not differ, and any other one, or a NaN, differs infinitely. */
function compare(
  found: Float32Array,
  expected: Float32Array,
): { readonly absolute: number; readonly relative: number } {
  if (found.length !== expected.length) return { absolute: Infinity, relative: Infinity };
  let absolute = 0;
  let size = 0;
  for (let i = 0; i < found.length; i++) {
    if (found[i] === expected[i]) continue;
    const difference = Math.abs(found[i] - expected[i]);
    absolute = Math.max(absolute, Number.isFinite(difference) ? difference : Infinity);
  }
  for (const value of expected) if (Number.isFinite(value)) size = Math.max(size, Math.abs(value));
  return { absolute, relative: absolute === 0 ? 0 : absolute / size };
}
