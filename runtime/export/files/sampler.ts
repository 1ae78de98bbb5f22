import { input } from "../../../graph/mod.ts";
import { solve } from "../../../solvers/ode/mod.ts";
import type { DeployFile } from "../deploy_file.ts";
import { deployedSolver, SOLVE_VALUES } from "../steps.ts";
import { toData, toNetwork } from "../units.ts";

/** Noise in, samples out: the whole solve. */
export const sampler: DeployFile = {
  name: "sampler",
  text: "Draws samples: carries points of the source to the data, the whole solve inside.",
  make(model) {
    const { open, source, target } = model;
    const { inputs, values, defaults, ...solver } = deployedSolver(model);
    const start = input("source", ["n", ...source.eventShape]);
    const { x, status, evaluations } = solve(open.field, toNetwork(start, source), {
      ...solver,
      from: 0,
      to: 1,
    });
    return {
      program: {
        name: "sampler",
        inputs: [start, ...inputs, ...open.parameters],
        state: [],
        outputs: { samples: toData(x, target), status, evaluations },
      },
      values: {
        source: {
          text: "Points of the source, such as noise, one for each sample that is wanted.",
        },
        samples: { text: "Samples in units of the data." },
        ...SOLVE_VALUES,
        ...values,
      },
      defaults,
    };
  },
  inputs: ({ source }) => ({ source }),
  expected: async (model, { source }) => ({
    samples: await model.sample(source.shape[0], { source }),
  }),
};
