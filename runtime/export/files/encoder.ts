import { input } from "../../../graph/mod.ts";
import { solve } from "../../../solvers/ode/mod.ts";
import type { DeployFile } from "../deploy_file.ts";
import { deployedSolver, SOLVE_VALUES } from "../steps.ts";
import { toData, toNetwork } from "../units.ts";

/** Data in, noise out: the solve backwards. */
export const encoder: DeployFile = {
  name: "encoder",
  text: "Carries data back to the source: the inverse of the sampler.",
  make(model) {
    const { open, source, target } = model;
    const { inputs, values, defaults, ...solver } = deployedSolver(model);
    const data = input("x", ["n", ...target.eventShape]);
    const { x, status, evaluations } = solve(open.field, toNetwork(data, target), {
      ...solver,
      from: 1,
      to: 0,
    });
    return {
      program: {
        name: "encoder",
        inputs: [data, ...inputs, ...open.parameters],
        state: [],
        outputs: { source: toData(x, source), status, evaluations },
      },
      values: {
        x: { text: "Points in units of the data." },
        source: { text: "The points of the source that the sampler carries to x." },
        ...SOLVE_VALUES,
        ...values,
      },
      defaults,
    };
  },
  inputs: ({ target }) => ({ x: target }),
  expected: async (model, { x }) => ({ source: await model.encode(x) }),
};
