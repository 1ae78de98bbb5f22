import { packingOf } from "../../compiler/programs/packing.ts";
import { averageName, type TrainingParts } from "../../compiler/programs/training.ts";
import type { Program } from "../../graph/mod.ts";
import type { NamedTensors } from "../safetensors.ts";
import { initialParameters } from "./parameters.ts";

/** The state before the first step: drawn parameters, their averages equal to them, slots at 0. */
export function initialState({ state }: Program, parts: TrainingParts, seed: number): NamedTensors {
  const { parameters } = parts.velocity;
  const packed = packingOf(parameters).packValues(initialParameters(parts.velocity, seed));
  return new Map(state.map(({ input }) => {
    const { name } = input.attributes as { readonly name: string };
    const own = name.slice(name.indexOf("/") + 1);
    const { data, shape } = packed.get(own)!;
    const same = name === own || name === averageName(own);
    return [name, { data: same ? data.slice() : new Float32Array(data.length), shape }];
  }));
}
