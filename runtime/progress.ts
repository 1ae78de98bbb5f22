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

/** Takes word of progress; called a few times a second at most by fast nodes, and at every end. */
export type OnProgress = (progress: Progress) => void;
