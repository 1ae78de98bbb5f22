import type { Numbers, Work } from "./work.ts";

/** Who is measured. */
export interface Rival {
  /** Versions and device, in words. */
  readonly description: string;
  /** Makes a row ready to run: everything that happens once. */
  open(work: Work, numbers: Numbers): Promise<Job>;
}

/** A row at work. */
export interface Job {
  /** Does so many training steps or so many solves, and waits until the device is done. */
  run(count: number): Promise<Outcome>;
  close(): Promise<void>;
}

/** What a repetition found. */
export interface Outcome {
  /** The last loss, or the mean of |x| at the end: what shows that rivals did the same work. */
  readonly check: number;
}

/** The mean of |x|. */
export function meanOf(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.abs(x[i]);
  return sum / x.length;
}
