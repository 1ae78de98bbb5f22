import type { MetricSpec } from "../dsl/mod.ts";
import type { DrawAddress, Tensor } from "../graph/mod.ts";
import { metricOf } from "../nodes/metric/mod.ts";
import { type Dataset, logDeterminant, type Sampler } from "./data/mod.ts";
import type { Flow } from "./flow.ts";
import { Interrupted } from "./outcome.ts";
import { warningOf } from "./solving/report.ts";

/** A measured number with all that is needed to read it. */
export interface MetricResult {
  /** Name of the metric, as its spec says it. */
  readonly name: string;
  /** The measurement: mean over repeats or points. */
  readonly value: number;
  /** Standard error over repeats, or over points for likelihoods; null for a single measurement. */
  readonly standardError: number | null;
  /** Unit of the value, such as "x" (that of the data), "sd" (its standard deviations), "nats" or "1". */
  readonly unit: string;
  /** Which way is better. */
  readonly lowerIsBetter: boolean;
  /** The same distance between two sets of target samples that share none; null where there is no such thing. */
  readonly floor: number | null;
  /** Samples in one measurement. */
  readonly samples: number;
  /** Measurements that the value is the mean of. */
  readonly repeats: number;
  /** What stands against the value, such as samples that the solver gave up on; null where nothing does. */
  readonly warning: string | null;
}

/** What metrics are measured on. */
export interface Measured {
  readonly flow: Flow;
  readonly seed: number;
  /** Held-out parts, and the part that the model was fitted to. */
  readonly source: Sampler;
  readonly target: Sampler;
  readonly fitted: Sampler;
  /** What log-densities of the data lose by having been standardised. */
  readonly logDeterminant: number;
  readonly dequantize: number | null;
  /** Whether samples are in units of the data's standard deviations. */
  readonly standardized: boolean;
  readonly signal?: AbortSignal;
}

/** What metrics are measured on: a flow between these data, with draws of this seed. */
export function measuredOn(
  { flow, seed, source, target, signal }:
    & Pick<Measured, "flow" | "seed" | "signal">
    & { readonly source: Pick<Dataset, "parts">; readonly target: Dataset },
): Measured {
  return {
    flow,
    seed,
    source: source.parts.test,
    target: target.parts.test,
    fitted: target.parts.train,
    logDeterminant: logDeterminant(target.standardization),
    dequantize: target.dequantize,
    standardized: target.standardization !== null,
    signal,
  };
}

/** Times at which paths are looked at: their integrals are taken by the trapezoidal rule between these. */
const PATH_TIMES = 51;

/**
 * Measures one metric. Draws are pure functions of the seed, so metrics that ask for as many samples see the same
 * ones, and the order of metrics does not matter.
 */
export async function measure(
  spec: MetricSpec,
  on: Measured,
  onRepeat?: (done: number, total: number) => void,
): Promise<MetricResult> {
  const metric = metricOf(spec);
  const unit = metric.unit(spec as never);
  const about = {
    name: spec.kind,
    unit: on.standardized ? unit.replace(/^x/, "sd") : unit,
    lowerIsBetter: true,
  };
  const at = (stream: string, step: number): DrawAddress => ({
    seed: on.seed,
    stream: `metrics/${stream}`,
    step,
  });
  const target = (count: number, step: number): Tensor => on.target.draw(count, at("target", step));

  if (metric.needs === "logLikelihood") {
    onRepeat?.(0, 1);
    const samples = Math.min(spec.samples, on.target.rows);
    const points = target(samples, 0);
    const { values: inModel, report } = await on.flow.logDensity(points);
    const terms = metric.terms(
      inModel.map((value) => value - on.logDeterminant),
      spec as never,
      { dim: on.flow.dim, dequantize: on.dequantize },
    );
    onRepeat?.(1, 1);
    const { mean, standardError } = summary(terms);
    const warning = warningOf(report);
    return { ...about, value: mean, standardError, floor: null, samples, repeats: 1, warning };
  }

  const samples = Math.min(spec.samples, on.source.rows, on.target.rows);
  // Where every draw is the whole table, repeats would measure the same thing again.
  const whole = samples === on.source.rows &&
    (metric.needs === "trajectory" || samples === on.target.rows);
  const repeats = whole ? 1 : (spec as { readonly repeats: number }).repeats;
  const values: number[] = [];
  const floors: number[] = [];
  let warning: string | null = null;
  onRepeat?.(0, repeats);
  for (let step = 0; step < repeats; step++) {
    await new Promise((resolve) => setTimeout(resolve)); // for Ctrl-C to be heard: a repeat may compute for seconds
    if (on.signal?.aborted) throw new Interrupted(`Stopped while measuring ${spec.kind}`);
    const x0 = on.source.draw(samples, at("source", step));
    const reference = target(samples, step);
    if (metric.needs === "samples") {
      const pushed = await on.flow.push(x0);
      warning ??= warningOf(pushed.report);
      values.push(metric.evaluate(pushed.x, reference, spec as never, at(spec.kind, step)));
      const fresh = freshPair(on, samples, reference, at("floor", step));
      if (fresh !== null) {
        floors.push(metric.evaluate(...fresh, spec as never, at(spec.kind, step)));
      }
    } else {
      const times = Float64Array.from({ length: PATH_TIMES }, (_, i) => i / (PATH_TIMES - 1));
      const trajectory = await on.flow.trajectory(x0, times);
      values.push(metric.evaluate(trajectory, reference, spec as never, at(spec.kind, step)));
    }
    onRepeat?.(step + 1, repeats);
  }
  const { mean, standardError } = summary(values);
  const floor = floors.length === 0 ? null : summary(floors).mean;
  return { ...about, value: mean, standardError, floor, samples, repeats, warning };
}

/**
 * Two sets of target samples that share no row, to measure the floor on: of a table, rows of the part that was fitted
 * against the reference, or, where both parts are the same rows, two disjoint sets of them. Null where there are too few.
 */
function freshPair(
  { fitted, target }: Measured,
  samples: number,
  reference: Tensor,
  at: DrawAddress,
): [Tensor, Tensor] | null {
  if (fitted.table === null || fitted.table.data !== target.table?.data) {
    return fitted.rows < samples ? null : [fitted.draw(samples, at), reference];
  }
  if (fitted.rows < 2 * samples) return null;
  const { data, shape: [, dim] } = fitted.draw(2 * samples, at);
  const half = (i: number): Tensor => ({
    data: data.slice(i * samples * dim, (i + 1) * samples * dim),
    shape: [samples, dim],
  });
  return [half(0), half(1)];
}

/** Mean, and standard error where there is more than one value. */
function summary(values: ArrayLike<number>): { mean: number; standardError: number | null } {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  return { mean, standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : null };
}
