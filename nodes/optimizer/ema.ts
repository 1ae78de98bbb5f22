import { divide, type Expression, maximum, minus, plus, times } from "../../graph/mod.ts";

/**
 * The exponential moving average of parameters after an update.
 *
 * The decay is min(decay, (1 + step) / (10 + step)), so that the random start is forgotten early: with a
 * constant 0.999, 13% of the average of a run of 2,000 steps would still be the untrained network.
 * Source: tf.train.ExponentialMovingAverage with `num_updates`.
 *
 * @param averages The averages before, the first of them the parameters' start or zeros.
 * @param parameters The parameters after the update.
 * @param decay In [0, 1).
 * @param step Number of this update, 1 for the first.
 */
export function averaged(
  averages: readonly Expression[],
  parameters: readonly Expression[],
  decay: number,
  step: Expression,
): Expression[] {
  const share = maximum(1 - decay, divide(9, plus(10, step))); // 1 - the decay above
  return averages.map((average, i) => plus(average, times(share, minus(parameters[i], average))));
}
