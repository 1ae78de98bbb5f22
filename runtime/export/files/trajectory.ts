import { constant, type Expression, input } from "../../../graph/mod.ts";
import { pathOfEqualSteps, solve } from "../../../solvers/ode/mod.ts";
import type { Deployed, DeployFile } from "../deploy_file.ts";
import { type DeployedSolver, deployedSolver } from "../steps.ts";
import { toData, toNetwork } from "../units.ts";

/** Times at which the states of an adaptive solve are given. */
const TIMES: readonly number[] = Array.from({ length: 51 }, (_, i) => i / 50);

/** The way from noise to samples, for plots and animations. */
export const trajectory: DeployFile = {
  name: "trajectory",
  text: "Carries points of the source to the data and gives all states on the way, for plots.",
  make(model) {
    const { source, target } = model;
    const equal = model.spec.solver.step.kind === "fixed";
    const count = equal ? "times" : TIMES.length;
    const solver = deployedSolver(model);
    const start = input("source", ["n", ...source.eventShape]);
    const { states, times } = pathOf(model, toNetwork(start, source), solver);
    return {
      program: {
        name: "trajectory",
        inputs: [start, ...solver.inputs, ...model.open.parameters],
        state: [],
        outputs: { states: toData(states, target), times },
      },
      values: {
        source: { text: "Points of the source, such as noise, one for each path that is wanted." },
        states: {
          text:
            "The states of every sample at every time, in units of the data; the last are the samples.",
          shape: [count, "n", ...target.eventShape],
        },
        times: {
          text: equal
            ? "The time at the start and after every step, from 0 to 1."
            : "The times of the states, from 0 to 1; the solver's own steps are of each sample's own.",
          shape: [count],
        },
        ...solver.values,
      },
      defaults: solver.defaults,
    };
  },
  inputs: ({ source }) => ({ source }),
  expected: async (model, { source }) => ({
    states: await model.trajectory(source.shape[0], { source, times: timesOf(model.spec) }),
  }),
};

/** States and their times. */
function pathOf(
  { open: { field } }: Deployed,
  x0: Expression,
  { method, step }: DeployedSolver,
): { states: Expression; times: Expression } {
  if (step.kind === "fixed") {
    return pathOfEqualSteps(field, x0, { method, from: 0, to: 1, steps: step.steps });
  }
  const { trajectory } = solve(field, x0, { method, step, times: TIMES });
  return { states: trajectory!, times: constant(TIMES) };
}

function timesOf({ solver: { step } }: Deployed["spec"]): readonly number[] {
  return step.kind === "adaptive"
    ? TIMES
    : Array.from({ length: step.steps + 1 }, (_, i) => i / step.steps);
}
