import { fillNormal, fillUniform } from "../../../../graph/threefry.ts";
import { Held } from "../held.ts";
import type { KernelTable } from "../kernel.ts";

const FILLS = { uniform: fillUniform, normal: fillNormal } as const;

/** Random numbers, drawn on the host: the same bits as everywhere. */
export const randomNumbers: KernelTable<"random"> = {
  random: async ([step], { attributes }, { library, shape }) => {
    const sizes = shape(attributes.shape);
    const data = new Float32Array(sizes.reduce((a, b) => a * b, 1));
    const { distribution, seed, stream } = attributes;
    FILLS[distribution](data, { seed, stream, step: await step.read() });
    return Held.of(library, "f32", { data, shape: sizes });
  },
};
