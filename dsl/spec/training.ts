/** The same value at every step. */
export interface ConstantScheduleSpec {
  /** Says which kind this is. */
  readonly kind: "constant";
  /** The value. */
  readonly value: number;
}

/** Linear from 0 to the peak over `warmup` steps, then half a cosine down to the floor. */
export interface CosineScheduleSpec {
  /** Says which kind this is. */
  readonly kind: "cosine";
  /** Largest value. */
  readonly peak: number;
  /** Value at the last step. */
  readonly floor: number;
  /** Steps of linear warm-up. */
  readonly warmup: number;
}

/** Linear from 0 to the peak over `warmup` steps, then constant. */
export interface LinearWarmupScheduleSpec {
  /** Says which kind this is. */
  readonly kind: "linearWarmup";
  /** Largest value. */
  readonly peak: number;
  /** Steps of linear warm-up. */
  readonly warmup: number;
}

/** A learning rate over the steps of training. */
export type ScheduleSpec = ConstantScheduleSpec | CosineScheduleSpec | LinearWarmupScheduleSpec;

/** Stochastic gradient descent, with heavy-ball momentum when it is above 0. */
export interface SgdSpec {
  /** Says which kind this is. */
  readonly kind: "sgd";
  /** Learning rate over the steps of training. */
  readonly learningRate: ScheduleSpec;
  /** Part of the last update that is kept, in [0, 1). */
  readonly momentum: number;
}

/** Adam. Source: Kingma & Ba, arXiv:1412.6980. */
export interface AdamSpec {
  /** Says which kind this is. */
  readonly kind: "adam";
  /** Learning rate over the steps of training. */
  readonly learningRate: ScheduleSpec;
  /** Decay of the mean of gradients, in [0, 1). */
  readonly beta1: number;
  /** Decay of the mean of squared gradients, in [0, 1). */
  readonly beta2: number;
  /** Added to the root of the mean square. */
  readonly epsilon: number;
}

/** Adam with decoupled weight decay. Source: Loshchilov & Hutter, arXiv:1711.05101. */
export interface AdamwSpec {
  /** Says which kind this is. */
  readonly kind: "adamw";
  /** Learning rate over the steps of training. */
  readonly learningRate: ScheduleSpec;
  /** Decay of the mean of gradients, in [0, 1). */
  readonly beta1: number;
  /** Decay of the mean of squared gradients, in [0, 1). */
  readonly beta2: number;
  /** Added to the root of the mean square. */
  readonly epsilon: number;
  /** A parameter loses learningRate * weightDecay of itself at each step. */
  readonly weightDecay: number;
}

/** What turns a gradient into an update. */
export type OptimizerSpec = SgdSpec | AdamSpec | AdamwSpec;

/** How the velocity is fitted. */
export interface TrainingSpec {
  /** Number of updates. */
  readonly steps: number;
  /** Pairs in an update. */
  readonly batchSize: number;
  /** What turns a gradient into an update. */
  readonly optimizer: OptimizerSpec;
  /** Decay of the moving average of parameters that is used for sampling, in [0, 1); null for none. */
  readonly ema: number | null;
  /** Largest norm of the whole gradient, which is scaled down to it; null for no limit. */
  readonly clipNorm: number | null;
}
