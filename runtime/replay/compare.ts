import type { Timing } from "../run.ts";
import { byName } from "./difference.ts";
import type { RunMetric, RunOutcome } from "./outcome.ts";
import { type DifferentSetting, differentSettings } from "./settings.ts";

/** One side of a comparison: a run, or a lock, which has no timings. */
export interface Side {
  /** What it is called: a run folder or the file of a lock. */
  readonly label: string;
  readonly outcome: RunOutcome;
  /** Of a run. */
  readonly timings?: readonly Timing[];
}

/** A metric of two runs; null where one does not have it. */
export interface ComparedMetric {
  readonly name: string;
  readonly unit: string;
  readonly a: Measurement | null;
  readonly b: Measurement | null;
  /** `b - a`. */
  readonly change: number | null;
  /** Standard error of the change; null where a side has none. */
  readonly standardError: number | null;
  /** What the change is: `same` within two standard errors of it. */
  readonly verdict: "better" | "worse" | "same" | null;
}

/** A measured number. */
export interface Measurement {
  readonly value: number;
  readonly standardError: number | null;
}

/** Two runs side by side. */
export interface Comparison {
  readonly a: { readonly label: string; readonly hash: string };
  readonly b: { readonly label: string; readonly hash: string };
  readonly metrics: readonly ComparedMetric[];
  /** Settings, data, backend and versions that differ. */
  readonly settings: readonly DifferentSetting[];
  /** Seconds that each node took; null where they are not known. */
  readonly timings: readonly {
    readonly node: string;
    readonly a: number | null;
    readonly b: number | null;
  }[];
}

/** Standard errors of a change up to which it counts as none. */
const CLEAR = 2;

/** Puts two runs side by side: all metrics and timings, and the settings that differ. */
export function compareRuns(a: Side, b: Side): Comparison {
  const [inA, inB] = [byName(a.outcome.metrics), byName(b.outcome.metrics)];
  const names = new Set([...inA.keys(), ...inB.keys()]);
  const seconds = ({ timings }: Side): Map<string, number | null> =>
    new Map(timings?.map(({ node, made }) => [node, made]));
  const [timesA, timesB] = [seconds(a), seconds(b)];
  const nodes = new Set([...timesA.keys(), ...timesB.keys()]);
  return {
    a: { label: a.label, hash: a.outcome.hash },
    b: { label: b.label, hash: b.outcome.hash },
    metrics: [...names].map((name) => comparedMetric(name, inA.get(name), inB.get(name))),
    settings: differentSettings(everySetting(a.outcome), everySetting(b.outcome)),
    timings: [...nodes].map((node) => ({
      node,
      a: timesA.get(node) ?? null,
      b: timesB.get(node) ?? null,
    })),
  };
}

/** The settings of a run, and what else its numbers depend on. */
function everySetting(
  { settings, digests, backend, instructionSet, versions }: RunOutcome,
): Record<string, unknown> {
  return {
    ...settings,
    "data.source": digests.source,
    "data.target": digests.target,
    backend,
    instructionSet,
    ...Object.fromEntries(Object.entries(versions).map(([key, v]) => [`versions.${key}`, v])),
  };
}

function comparedMetric(
  name: string,
  a: RunMetric | undefined,
  b: RunMetric | undefined,
): ComparedMetric {
  const measurement = (metric: RunMetric | undefined): Measurement | null =>
    metric === undefined ? null : { value: metric.value, standardError: metric.standardError };
  const { unit, lowerIsBetter } = (b ?? a)!;
  const about = { name, unit, a: measurement(a), b: measurement(b) };
  if (a === undefined || b === undefined || a.unit !== b.unit) {
    return { ...about, change: null, standardError: null, verdict: null };
  }
  const change = b.value - a.value;
  const standardError = a.standardError === null || b.standardError === null
    ? null
    : Math.hypot(a.standardError, b.standardError);
  const verdict = Object.is(a.value, b.value) || Math.abs(change) <= CLEAR * (standardError ?? 0)
    ? "same"
    : !Number.isFinite(change)
    ? null
    : (change < 0) === lowerIsBetter
    ? "better"
    : "worse";
  return { ...about, change, standardError, verdict };
}
