import type { Program } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import { arenaOf, type Pair, type Place, take } from "../place.ts";
import { nameOf, type StatePlaces } from "./program.ts";

/**
 * Where states lie in the two buffers that take turns.
 *
 * @throws {TypeError} If a state is not f32.
 */
export function statePlaces(program: Program, pair: Pair): StatePlaces {
  const places = (side: "read" | "written"): Map<string, Place> => {
    const arena = arenaOf(side === "read" ? "state" : "nextstate", "f32", { pair, side });
    return new Map(program.state.map(({ input }) => {
      if (input.dtype !== "f32") {
        throw new TypeError(
          `Cannot load ${program.name} as states are f32: ${nameOf(input)} is ${input.dtype}`,
        );
      }
      return [nameOf(input), take(arena, count(input.shape as number[]), "f32")];
    }));
  };
  return { read: places("read"), written: places("written") };
}
