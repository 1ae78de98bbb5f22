import { build } from "../expression.ts";
import type { Expression, Shape, Value } from "../types.ts";
import { constant } from "./leaf.ts";

/**
 * Random numbers that are a pure function of seed, stream, step and place.
 *
 * @param options.distribution Uniform in (0, 1), or standard normal.
 * @param step An i32 scalar: each step has its own numbers.
 */
export function random(
  options: {
    readonly distribution: "uniform" | "normal";
    readonly seed: number;
    readonly stream: string;
    readonly shape: Shape;
  },
  step: Value,
): Expression {
  const { distribution, seed, stream, shape } = options;
  const at = typeof step === "number" ? constant(step, [], "i32") : step;
  return build("random", [at], { distribution, seed, stream, shape });
}
