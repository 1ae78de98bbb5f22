import { carry } from "../carry.ts";
import type { DeployFile } from "../deploy_file.ts";

/** Noise in, samples out: the whole solve. */
export const sampler: DeployFile = {
  name: "sampler",
  text: "Draws samples: carries points of the source to the data, the whole solve inside.",
  make: (model) =>
    carry(model, {
      name: "sampler",
      from: {
        name: "source",
        text: "Points of the source, such as noise, one for each sample that is wanted.",
        space: model.source,
        at: 0,
      },
      to: { name: "samples", text: "Samples in units of the data.", space: model.target, at: 1 },
    }),
  inputs: ({ source }) => ({ source }),
  expected: async (model, { source }) => ({
    samples: await model.sample(source.shape[0], { source }),
  }),
};
