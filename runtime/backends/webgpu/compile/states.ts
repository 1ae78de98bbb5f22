import type { Program } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import { arenaOf, type Place, take } from "../place.ts";
import { nameOf } from "./program.ts";

/**
 * Where states lie, by name: in one buffer, which every run reads and writes.
 *
 * @throws {TypeError} If a state is not f32.
 */
export function statePlaces(program: Program): Map<string, Place> {
  const arena = arenaOf("state", "f32");
  return new Map(program.state.map(({ input }) => {
    if (input.dtype !== "f32") {
      throw new TypeError(
        `Cannot load ${program.name} as states are f32: ${nameOf(input)} is ${input.dtype}`,
      );
    }
    return [nameOf(input), take(arena, count(input.shape as number[]), "f32")];
  }));
}
