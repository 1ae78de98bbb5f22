import { minus, plus, times } from "../../graph/mod.ts";
import type { SgdSpec } from "../../dsl/spec.ts";
import type { Optimizer } from "./optimizer.ts";
import { scheduleOf } from "./schedule.ts";

/** Gradient descent with heavy-ball momentum, as torch.optim.SGD without dampening. */
export function sgd({ learningRate, momentum }: SgdSpec, total: number): Optimizer {
  return {
    name: "sgd",
    slots: momentum > 0 ? ["momentum"] : [],
    update({ parameters, gradients, slots, step }) {
      const rate = scheduleOf(learningRate, { step, total });
      const moves = momentum > 0
        ? gradients.map((g, i) => plus(times(momentum, slots[0][i]), g))
        : gradients;
      return {
        parameters: parameters.map((p, i) => minus(p, times(rate, moves[i]))),
        slots: momentum > 0 ? [moves] : [],
      };
    },
  };
}
