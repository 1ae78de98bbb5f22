import { InputError, type MetricSpec } from "../../dsl/mod.ts";
import type { Flow } from "../flow.ts";
import { measure, type Measured, type MetricResult } from "../metrics.ts";
import type { NamedTensors } from "../safetensors.ts";

/** How weights lie in a file. */
export type Precision = "float32" | "float16";

/** The ways in which weights can lie in a file. */
export const PRECISIONS: readonly Precision[] = ["float32", "float16"];

/** What rounding the weights does to a metric, measured on the same draws. */
export interface PrecisionLoss {
  /** With the weights as they were trained. */
  readonly float32: MetricResult;
  /** With the weights as the files hold them. */
  readonly float16: MetricResult;
}

/** The largest float16. */
const LARGEST = 65504;

/**
 * Weights rounded to float16, as float32.
 *
 * @throws {InputError} If one is too large for a float16.
 */
export function roundToFloat16(parameters: NamedTensors): NamedTensors {
  return new Map([...parameters].map(([name, { data, shape }]) => {
    const rounded = Float32Array.from(Float16Array.from(data));
    const lost = rounded.findIndex((value, i) =>
      !Number.isFinite(value) && Number.isFinite(data[i])
    );
    if (lost >= 0) {
      throw new InputError(
        `precision float16 holds numbers up to ${LARGEST}, and ${name} has ${
          data[lost]
        }: use float32`,
        { field: "precision" },
      );
    }
    return [name, { data: rounded, shape }];
  }));
}

/** Samples in one measurement, at most. */
const SAMPLES = 1_000;
/** Floating-point operations that a log-likelihood may take: some seconds. */
const WORK = 2e11;
/** Evaluations of a solve, about. */
const EVALUATIONS = 100;

/** Measures what rounded weights cost in Wasserstein-2 distance and, where there is a density, in log-likelihood. */
export async function precisionLoss(
  rounded: Flow,
  on: Measured,
  density: boolean,
): Promise<PrecisionLoss[]> {
  const { open: { flops }, dim } = on.flow;
  const affordable = Math.floor(WORK / (EVALUATIONS * flops * (1 + dim)));
  const metrics: MetricSpec[] = [{ kind: "wasserstein2", samples: SAMPLES, repeats: 1 }];
  if (density) {
    metrics.push({
      kind: "negativeLogLikelihood",
      samples: Math.max(16, Math.min(SAMPLES, affordable)),
      divergence: "exact",
    });
  }
  const losses: PrecisionLoss[] = [];
  for (const metric of metrics) {
    losses.push({
      float32: await measure(metric, on),
      float16: await measure(metric, { ...on, flow: rounded }),
    });
  }
  return losses;
}
