/** One training step as a program without a loop, for runtimes that run loops apart from their device. */
import { gradient, input, type Program } from "../../graph/mod.ts";
import { interpolantOf } from "../../nodes/interpolant/mod.ts";
import { lossOf } from "../../nodes/objective/mod.ts";
import { optimizerOf } from "../../nodes/optimizer/mod.ts";
import { objective, optimizer } from "../../dsl/mod.ts";
import type { Velocity } from "../../nodes/velocity/mod.ts";
import { ADAM } from "./work.ts";

/**
 * Inputs: x0, x1 [batch, 2], t [batch, 1] and `done`, the steps before this one. State: the parameters by their own names
 * and Adam's slots. Output: the loss.
 */
export function oneStep(net: Velocity, batch: number): Program {
  const [x0, x1, t] = [2, 2, 1].map((width, i) => input(["x0", "x1", "t"][i], [batch, width]));
  const step = input("step", []);
  const adam = optimizerOf(optimizer.adam({ learningRate: ADAM.rate }) as never, 1_000_000);
  const group = (prefix: string) =>
    net.parameters.map(({ name, shape }) => input(`${prefix}${name}`, shape));
  const parameters = group("");
  const slots = adam.slots.map((slot) => group(`${slot}/`));
  const loss = lossOf(
    objective.flowMatching(),
    net,
    interpolantOf({ kind: "linear" }),
    parameters,
    { x0, x1, t } as never,
  );
  const gradients = gradient(loss, parameters);
  const next = adam.update({ parameters, gradients, slots, step });
  return {
    name: "step",
    inputs: [x0, x1, t, step],
    state: [
      ...parameters.map((from, i) => ({ input: from, next: next.parameters[i] })),
      ...slots.flatMap((slot, s) =>
        slot.map((from, i) => ({ input: from, next: next.slots[s][i] }))
      ),
    ],
    outputs: { loss },
  };
}
