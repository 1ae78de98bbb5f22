import { type Expression, gradient, input, loop, type Program } from "../../graph/mod.ts";
import type { ObjectiveSpec, TrainingSpec } from "../../dsl/mod.ts";
import type { Interpolant } from "../../nodes/interpolant/mod.ts";
import { lossOf } from "../../nodes/objective/mod.ts";
import { averaged, clipByGlobalNorm, optimizerOf } from "../../nodes/optimizer/mod.ts";
import type { Velocity } from "../../nodes/velocity/mod.ts";
import { batchesFrom, givenBatches, type Origins } from "./batch_inputs.ts";
import { packingOf } from "./packing.ts";

/** What a training program is made of. */
export interface TrainingParts {
  readonly dim: number;
  readonly interpolant: Interpolant;
  readonly velocity: Velocity;
  readonly objective: ObjectiveSpec;
  readonly training: TrainingSpec;
}

/** Name of the state that holds a tensor's running average; the tensor itself goes by its own name. */
export function averageName(tensor: string): string {
  return `ema/${tensor}`;
}

/** Name of the state that holds an optimizer's slot of a tensor. */
export function slotName(slot: string, tensor: string): string {
  return `${slot}/${tensor}`;
}

/**
 * Many training steps as one program: forward, backward, clipping, optimizer and average, looped inside.
 *
 * Inputs: `x0`, `x1` of shape [steps, batch, d] (pairs, already coupled), `t` [steps, batch, 1], and `done`,
 * the number of steps before these (f32 scalar); or, with `origins`, what these leave to hand in (see
 * `batch_inputs.ts`). State: parameters, optimizer slots, averages, the small ones packed (see `packing.ts`).
 * Output: `loss` [steps].
 */
export function trainingProgram(parts: TrainingParts, origins?: Origins): Program {
  const { dim, interpolant, velocity, objective, training } = parts;
  const optimizer = optimizerOf(training.optimizer, training.steps);
  const { tensors, pack, unpack } = packingOf(velocity.parameters);
  const stateInputs = (name: (tensor: string) => string): Expression[] =>
    tensors.map((tensor) => input(name(tensor.name), tensor.shape));

  const sizes = { batchSize: training.batchSize, dim };
  const batches = origins === undefined ? givenBatches(sizes) : batchesFrom(origins, sizes);
  const groups = [
    stateInputs((n) => n),
    ...optimizer.slots.map((slot) => stateInputs((n) => slotName(slot, n))),
    ...(training.ema === null ? [] : [stateInputs(averageName)]),
  ];
  const result = loop({
    state: groups.flat(),
    count: batches.count,
    body: (index, ...state) => {
      const group = (g: number): Expression[] =>
        state.slice(g * tensors.length, (g + 1) * tensors.length);
      const parameters = unpack(group(0));
      const slots = optimizer.slots.map((_, s) => group(1 + s));
      const batch = batches.at(index);
      const loss = lossOf(objective, velocity, interpolant, parameters, batch);
      const raw = pack(gradient(loss, parameters));
      const gradients = training.clipNorm === null ? raw : clipByGlobalNorm(raw, training.clipNorm);
      const step = batches.step(index);
      const next = optimizer.update({ parameters: group(0), gradients, slots, step });
      const average = training.ema === null
        ? []
        : averaged(group(1 + slots.length), next.parameters, training.ema, step);
      return {
        state: [...next.parameters, ...next.slots.flat(), ...average],
        collect: [loss],
      };
    },
  });
  return {
    name: "training",
    inputs: batches.inputs,
    state: groups.flat().map((from, i) => ({ input: from, next: result.state[i] })),
    outputs: { loss: result.collected[0] },
  };
}
