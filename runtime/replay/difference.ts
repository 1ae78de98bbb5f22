import type { Lock } from "./lock.ts";
import type { RunMetric, RunOutcome } from "./outcome.ts";
import { differentSettings } from "./settings.ts";

/** What became of one thing that a lock holds. */
export interface Difference {
  /** What it is: `spec`, `settings.training.steps`, `weights`, `metrics.wasserstein2`. */
  readonly what: string;
  /** As the lock has it; undefined where it does not. */
  readonly locked: unknown;
  /** As it was found; undefined where it is gone. */
  readonly found: unknown;
  /** `found - locked`, of numbers; null of anything else. */
  readonly change: number | null;
  /** How far a number may move; null of anything else. */
  readonly tolerance: number | null;
  /**
   * `same`: to the bit, or a number to the rounding of JavaScript's own functions; `tolerated`: bits are not promised, and it
   * is near enough, or can only be compared by bits; `moved`: it fails the check.
   */
  readonly verdict: "same" | "tolerated" | "moved";
}

/** What a replay is found to be. */
export interface Differences {
  /** Whether the lock's backend promises bits here: backend, its engine, instruction set and pushforward are the same. */
  readonly exact: boolean;
  /** Everything that was compared. */
  readonly rows: readonly Difference[];
  /** Why what moved may have moved; empty when nothing did. */
  readonly reasons: readonly string[];
}

/** Settings that say where a file lies, and the digest of what is in it: files may lie elsewhere. */
const FILES = [
  { setting: "source.path", content: "source" },
  { setting: "target.path", content: "target" },
  { setting: "velocity.path", content: "weights" },
] as const;

/** The part of a metric's value that JavaScript's own functions, such as `Math.exp`, may round differently elsewhere. */
const OWN_ROUNDING = 1e-12;

/**
 * Compares what was found with a lock.
 *
 * @param options `stored`: whether the weights are stored ones, whose bits nothing may have moved.
 */
export function differencesOf(
  lock: Lock,
  found: RunOutcome,
  { stored = false }: { readonly stored?: boolean } = {},
): Differences {
  const environment = environmentReasons(lock, found);
  const exact = environment.every(({ promised }) => promised);
  const bits = (what: string, a: unknown, b: unknown, promised: boolean): Difference => ({
    ...{ what, locked: a, found: b, change: null, tolerance: null },
    verdict: a === b ? "same" : promised ? "moved" : "tolerated",
  });
  const settings = lock.hash === found.hash ? [] : differentSettings(lock.settings, found.settings);
  const elsewhere = ({ path }: { readonly path: string }): boolean =>
    FILES.some(({ setting, content }) =>
      setting === path && lock.digests[content] === found.digests[content]
    );
  // Where no setting differs, the folder that a file's path is taken from does.
  const files = FILES.some(({ setting }) => setting in found.settings);
  const rows = [
    bits("spec", lock.hash, found.hash, !files || !settings.every(elsewhere)),
    ...settings.map(({ path, a, b }) => ({
      ...bits(`settings.${path}`, a, b, !elsewhere({ path })),
      change: typeof a === "number" && typeof b === "number" ? b - a : null,
    })),
    bits("data.source", lock.digests.source, found.digests.source, true),
    bits("data.target", lock.digests.target, found.digests.target, true),
    bits("weights", lock.digests.weights, found.digests.weights, exact || stored),
    bits("samples", lock.digests.samples, found.digests.samples, exact),
    ...metricRows(lock, found, exact),
  ];
  const moved = rows.some(({ verdict }) => verdict !== "same");
  return { exact, rows, reasons: moved ? reasonsOf(rows, environment, stored) : [] };
}

/** The metrics of both, matched by name and turn. */
function metricRows(lock: Lock, found: RunOutcome, exact: boolean): Difference[] {
  const locked = byName(lock.metrics);
  const now = byName(found.metrics);
  return [...new Set([...locked.keys(), ...now.keys()])].map((name) => {
    const a = locked.get(name);
    const b = now.get(name);
    const what = `metrics.${name}`;
    if (a === undefined || b === undefined) {
      return {
        what,
        locked: a?.value,
        found: b?.value,
        change: null,
        tolerance: null,
        verdict: "moved",
      };
    }
    const change = b.value - a.value;
    const rounding = OWN_ROUNDING * Math.abs(a.value);
    const tolerance = exact ? rounding : a.tolerance;
    const within = (bound: number): boolean =>
      Object.is(a.value, b.value) || Math.abs(change) <= bound;
    const verdict = within(rounding) ? "same" : within(tolerance) ? "tolerated" : "moved";
    return { what, locked: a.value, found: b.value, change, tolerance, verdict };
  });
}

/** Metrics by name; a second one of a name is `name.2`. */
export function byName<M extends RunMetric>(metrics: readonly M[]): Map<string, M> {
  const found = new Map<string, M>();
  for (const metric of metrics) {
    const turn = metrics.filter(({ name }) => name === metric.name).indexOf(metric) + 1;
    found.set(turn === 1 ? metric.name : `${metric.name}.${turn}`, metric);
  }
  return found;
}

/** Something around the pipeline that is not as it was. */
interface Reason {
  readonly text: string;
  /** Whether bits are promised in spite of it. */
  readonly promised: boolean;
}

function environmentReasons(lock: Lock, found: RunOutcome): Reason[] {
  const reasons: Reason[] = [];
  const compare = (what: string, a: unknown, b: unknown, promised: boolean): void => {
    if (a !== b) {
      reasons.push({ text: `${what}: ${a ?? "none"} when locked, ${b ?? "none"} here`, promised });
    }
  };
  compare("backend", lock.backend, found.backend, false);
  compare("engine", lock.versions.engine, found.versions.engine, false);
  compare("instruction set", lock.instructionSet, found.instructionSet, false);
  compare("pushforward", release(lock), release(found), false);
  compare("Deno", lock.versions.deno, found.versions.deno, true);
  return reasons;
}

function release({ versions }: RunOutcome): string {
  return `${versions.pushforward} (revision ${versions.revision})`;
}

function reasonsOf(
  rows: readonly Difference[],
  environment: readonly Reason[],
  stored: boolean,
): string[] {
  const moved = (what: string): boolean =>
    rows.some((row) => row.what === what && row.verdict === "moved");
  const reasons = [
    ...(moved("spec") ? ["the pipeline's settings changed"] : []),
    ...(rows.some(({ what, verdict }) => what === "spec" && verdict === "tolerated")
      ? ["a data file lies elsewhere, with the same content"]
      : []),
    ...(moved("data.source") || moved("data.target") ? ["the data changed"] : []),
    ...(stored && moved("weights") ? ["the stored weights are not those of the lock"] : []),
    ...environment.map(({ text }) => text),
  ];
  return reasons.length > 0 ? reasons : [
    "settings, data, backend, versions and instruction set are those of the lock, " +
    "so the code that computes must have changed",
  ];
}
