import { checkShape, ShapeError, showShape } from "../shape.ts";
import { normalAt, uniformAt } from "../threefry.ts";
import type { Op } from "../op.ts";
import { fill, flat, PLAIN, requireDType } from "./rule.ts";

/** Counter-based random numbers: element i of a step is draw i. */
export const random: Op<"random"> = {
  name: "random",
  arity: 1,
  attributes: { distribution: "distribution", seed: "integer", stream: "name", shape: "shape" },
  ...PLAIN,
  shape: ([step], { shape }) => {
    requireDType("random", [step], "i32");
    if (step.shape.length > 0) {
      throw new ShapeError(
        `Cannot draw random numbers at a step of shape ${
          showShape(step.shape)
        }: it must be a scalar`,
        step.shape,
      );
    }
    return { shape: checkShape("random", shape), dtype: "f32" };
  },
  ...flat<"random">([null]),
  reference: ([step], { attributes: { distribution, seed, stream, shape } }, environment) => {
    const at = DISTRIBUTIONS[distribution];
    return fill(
      environment.shape(shape),
      (i) => Math.fround(at({ seed, stream, step: step.data[0] }, i)),
    );
  },
};

const DISTRIBUTIONS = { uniform: uniformAt, normal: normalAt } as const;
