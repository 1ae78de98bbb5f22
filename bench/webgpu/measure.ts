import type { RivalProcess } from "./process.ts";
import { BATCHES, type Work } from "./work.ts";

/** What a rival took for one row: seconds of each repetition for one training step or one solve, or why there are none. */
export interface Measured {
  readonly rival: string;
  readonly seconds: readonly number[];
  /** The same by the device's own clock, where it has one and the rival uses it. */
  readonly device: readonly number[];
  /** What it found after the same work as the others; null without a measurement. */
  readonly check: number | null;
  readonly problem: string | null;
}

/** A row of the table. */
export interface Row {
  readonly work: Work;
  readonly measured: readonly Measured[];
}

/** How a row is measured. */
export interface Effort {
  /** Repetitions of each rival. */
  readonly rounds: number;
  /** Seconds that a repetition should take at least. */
  readonly enough: number;
  /** Seconds after which an answer is no longer waited for. */
  readonly patience: number;
  /** Where the numbers of rows are, for those who cannot draw them. */
  readonly folder: string;
}

/** A rival at work on a row. */
interface Contender {
  readonly rival: RivalProcess;
  count: number;
  check: number | null;
  problem: string | null;
  readonly seconds: number[];
  readonly device: number[];
}

/**
 * Measures one row: every rival is warmed up, then they take turns, A B C A B C ..., so that a machine that slows down
 * slows all of them.
 */
export async function measureRow(
  work: Work,
  rivals: readonly RivalProcess[],
  effort: Effort,
): Promise<Row> {
  const contenders: Contender[] = [];
  for (const rival of rivals) contenders.push(await warmedUp(rival, work, effort));
  for (let round = 0; round < effort.rounds; round++) {
    for (const each of contenders) if (each.problem === null) await repeat(each, effort);
  }
  for (const each of contenders) await timeOnDevice(each, effort);
  for (const { rival } of contenders) await rival.ask({ close: true }, effort.patience);
  return {
    work,
    measured: contenders.map(({ rival, seconds, device, check, problem }) => ({
      rival: rival.name,
      ...{ seconds, device, check, problem },
    })),
  };
}

/** A rival that has done the work once, unmeasured, and knows how often it must do it to be measured. */
async function warmedUp(rival: RivalProcess, work: Work, effort: Effort): Promise<Contender> {
  const contender: Contender = {
    ...{ rival, count: 1, check: null, problem: null },
    ...{ seconds: [], device: [] },
  };
  const opened = await rival.ask({ open: work, folder: effort.folder }, effort.patience);
  if ("error" in opened) return { ...contender, problem: opened.error };
  // Steps come in whole rounds of the batches, so that every call of a compiled program has the sizes it was compiled for.
  const unit = work.kind === "train" ? BATCHES : 1;
  const first = await rival.ask({ run: unit }, effort.patience);
  if (!("seconds" in first)) return { ...contender, problem: problemOf(first) };
  const second = await rival.ask({ run: unit }, effort.patience);
  if (!("seconds" in second)) return { ...contender, problem: problemOf(second) };
  contender.count = unit * Math.min(50, Math.max(1, Math.ceil(effort.enough / second.seconds)));
  contender.check = first.check;
  return contender;
}

async function repeat(contender: Contender, { patience }: Effort): Promise<void> {
  const { rival, count, seconds, device } = contender;
  const answer = await rival.ask({ run: count }, patience);
  if (!("seconds" in answer)) {
    contender.problem = problemOf(answer);
    return;
  }
  seconds.push(answer.seconds / count);
  if (answer.device !== undefined) device.push(answer.device / count);
}

/** Once more by the device's clock, which costs a rival of WebGPU something; PyTorch has told it all along. */
async function timeOnDevice(contender: Contender, { patience }: Effort): Promise<void> {
  const { rival, count, device, problem } = contender;
  if (problem !== null || device.length > 0) return;
  const answer = await rival.ask({ run: count, clock: true }, patience);
  if ("seconds" in answer && answer.device) device.push(answer.device / count);
}

function problemOf(answer: object): string {
  return "error" in answer ? String(answer.error) : "it gave another answer";
}

/** A row that was not begun. */
export function unmeasured(work: Work, rivals: readonly RivalProcess[]): Row {
  const problem = "no time was left";
  return {
    work,
    measured: rivals.map(({ name }) => ({
      ...{ rival: name, seconds: [], device: [], check: null, problem },
    })),
  };
}
