import type { Expression } from "../../graph/mod.ts";

/** Where a training is before an update. */
export interface OptimizerState {
  /** The parameters, in the order of the velocity. */
  readonly parameters: readonly Expression[];
  /** Of the loss by each parameter. */
  readonly gradients: readonly Expression[];
  /** One list for each of the optimizer's slots, each as long as `parameters`; zeros at the start. */
  readonly slots: readonly (readonly Expression[])[];
  /** Number of this update, 1 for the first, an f32 scalar. */
  readonly step: Expression;
}

/** Where it is after. */
export interface OptimizerUpdate {
  /** The parameters' next values. */
  readonly parameters: readonly Expression[];
  /** The slots' next values. */
  readonly slots: readonly (readonly Expression[])[];
}

/** What turns a gradient into an update. */
export interface Optimizer {
  /** The word a spec uses. */
  readonly name: string;
  /** Names of the tensors it keeps beside each parameter, of the parameter's shape. */
  readonly slots: readonly string[];
  /** Makes one update. */
  update(state: OptimizerState): OptimizerUpdate;
}
