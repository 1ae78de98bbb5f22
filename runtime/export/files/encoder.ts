import { carry } from "../carry.ts";
import type { DeployFile } from "../deploy_file.ts";

/** Data in, noise out: the solve backwards. */
export const encoder: DeployFile = {
  name: "encoder",
  text: "Carries data back to the source: the inverse of the sampler.",
  make: (model) =>
    carry(model, {
      name: "encoder",
      from: { name: "x", text: "Points in units of the data.", space: model.target, at: 1 },
      to: {
        name: "source",
        text: "The points of the source that the sampler carries to x.",
        space: model.source,
        at: 0,
      },
    }),
  inputs: ({ target }) => ({ x: target }),
  expected: async (model, { x }) => ({ source: await model.encode(x) }),
};
