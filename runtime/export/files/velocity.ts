import { input } from "../../../graph/mod.ts";
import type { DeployFile } from "../deploy_file.ts";
import { differenceToData, toNetwork } from "../units.ts";

/** The velocity by itself, for a solver of one's own. */
export const velocity: DeployFile = {
  name: "velocity",
  text:
    "The velocity v(t, x) of the flow: where a sample at x at time t moves, for a solver of your own.",
  make({ open, target }) {
    const t = input("t", ["n", 1]);
    const x = input("x", ["n", ...target.eventShape]);
    const v = open.field(t, toNetwork(x, target));
    return {
      program: {
        name: "velocity",
        inputs: [t, x, ...open.parameters],
        state: [],
        outputs: { velocity: differenceToData(v, target) },
      },
      values: {
        t: { text: "Time of each sample, from 0 at the source to 1 at the data." },
        x: { text: "Samples on their way, in units of the data." },
        velocity: { text: "dx/dt of each sample, in units of the data per unit of time." },
      },
      defaults: {},
    };
  },
  inputs: ({ target }) => ({
    t: {
      data: Float32Array.from(
        { length: target.shape[0] },
        (_, i) => (i + 0.5) / target.shape[0],
      ),
      shape: [target.shape[0], 1],
    },
    x: target,
  }),
  expected: async (model, { t, x }) => ({ velocity: await model.velocity(t, x) }),
};
