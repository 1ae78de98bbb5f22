/** Word of a long node's progress. */
export interface Progress {
  /** Id of the execution graph's node. */
  readonly node: string;
  /** What is counted: steps of training, samples, repeats of a metric. */
  readonly unit: string;
  /** How many are done. */
  readonly done: number;
  /** How many there are. */
  readonly total: number;
  /** Mean loss of the latest steps, while training. */
  readonly loss?: number;
}

/** Takes word of progress: where a node starts, then often, and at its end. */
export type OnProgress = (progress: Progress) => void;
