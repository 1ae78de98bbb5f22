import type { Contender, Row } from "./rows.ts";
import {
  type Repetition,
  type Setting,
  startWorker,
  type WorkerProcess,
} from "./worker_process.ts";

/** Middle and ends of a row's repetitions, in the row's unit. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** What a contender took. */
export interface Measured extends Contender {
  readonly time: Spread;
  /** Processor time over all threads, in the same unit: it does not count waiting for a busy machine. */
  readonly cpu: Spread;
  /** What the last repetition found, to see that the work was the same. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** A measured row. */
export interface RowResult {
  readonly name: string;
  readonly ours: Measured;
  readonly peers: readonly Measured[];
  /** Medians, ours over that of the fastest peer; null without one. */
  readonly ratio: number | null;
  /** The same for the shortest repetitions and for processor time. */
  readonly ratioOfMins: number | null;
  readonly ratioOfCpu: number | null;
  readonly pass: boolean | null;
  readonly threads: number;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Processes that wanted a core, averaged over the minute before and the minute after. */
  readonly load: readonly [number, number];
  readonly repetitions: number;
}

/** Time for a worker that has answered to let its threads fall asleep. */
const PAUSE = 200;

/** Measures a row: warm-up, then all contenders in turn. */
export async function measure(row: Row, setting: Setting, machine: string): Promise<RowResult> {
  const before = Deno.loadavg()[0];
  const contenders = [row.ours, ...row.peers];
  const taken = contenders.map((): Repetition[] => []);
  await using stack = new AsyncDisposableStack();
  const versions: Record<string, string> = {};
  const workers: (WorkerProcess | null)[] = [];
  for (const contender of contenders) {
    if (row.fresh && contender === row.ours) {
      workers.push(null);
      continue;
    }
    const worker = stack.use(await startWorker(contender, setting));
    Object.assign(versions, worker.versions);
    workers.push(worker);
    await worker.run(); // warm-up
  }
  for (let i = 0; i < row.repetitions; i++) {
    for (const [k, worker] of workers.entries()) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      taken[k].push(worker === null ? await first(row.ours, setting) : await worker.run());
    }
  }
  const [ours, ...peers] = contenders.map((contender, k) => summary(row, contender, taken[k]));
  const best = peers.length === 0
    ? null
    : peers.reduce((a, b) => b.time.median < a.time.median ? b : a);
  const ratio = best && ours.time.median / best.time.median;
  return {
    name: row.name,
    ours,
    peers,
    ratio,
    ratioOfMins: best && ours.time.min / best.time.min,
    ratioOfCpu: best && ours.cpu.median / Math.min(...peers.map((p) => p.cpu.median)),
    pass: row.target === null ? null : meets(row, ratio ?? ours.time.median),
    threads: setting.threads,
    machine,
    versions: { deno: Deno.version.deno, ...versions },
    load: [before, Deno.loadavg()[0]],
    repetitions: row.repetitions,
  };
}

/** The first repetition of a fresh process. */
async function first(contender: Contender, setting: Setting): Promise<Repetition> {
  await using worker = await startWorker(contender, setting);
  return await worker.run();
}

function meets({ unit, target }: Row, value: number): boolean {
  return unit === "million/s" ? value >= target! : value <= target!;
}

function summary(row: Row, contender: Contender, taken: readonly Repetition[]): Measured {
  const { extra } = taken[taken.length - 1];
  const shown = (seconds: number): number => {
    switch (row.unit) {
      case "s":
        return seconds;
      case "ms":
        return 1e3 * seconds;
      case "ms/step":
        return 1e3 * seconds / (extra.steps as number);
      case "million/s":
        return (extra.count as number) / seconds / 1e6;
    }
  };
  return {
    ...contender,
    time: spread(taken.map(({ seconds }) => shown(seconds))),
    cpu: spread(taken.map(({ cpu }) => shown(cpu))),
    extra,
  };
}

/** Median, smallest and largest. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle)
    ? (sorted[middle - 1] + sorted[middle]) / 2
    : sorted[Math.floor(middle)];
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}
