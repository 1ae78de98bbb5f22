import {
  concat,
  type Expression,
  input,
  minus,
  plus,
  reshape,
  sliceAxis,
  zerosLike,
} from "../../../graph/mod.ts";
import {
  augmented,
  type Divergence,
  exactDivergence,
  hutchinsonDivergence,
  signs,
  sourceDensity,
} from "../../../nodes/likelihood/mod.ts";
import { solve } from "../../../solvers/ode/mod.ts";
import { logDeterminant } from "../../data/mod.ts";
import type { Content, Deployed, DeployFile } from "../deploy_file.ts";
import { deployedSolver, SOLVE_VALUES } from "../steps.ts";
import { toNetwork } from "../units.ts";

/** x in, log p(x) out. */
export const likelihood: DeployFile = {
  name: "likelihood",
  text: "The log-density log p(x) that the model gives to data.",
  make(model) {
    const { spec, dim, open, target } = model;
    const density = sourceDensity(spec.source, dim);
    if (density === null) {
      return {
        missing:
          `a likelihood needs a source whose density is known, and '${spec.source.kind}' is not one`,
      };
    }
    const { inputs, values, defaults, ...solver } = deployedSolver(model);
    const divergence = divergenceOf(model);
    const data = input("x", ["n", ...target.eventShape]);
    const x1 = toNetwork(data, target);
    const column = (x: Expression, start: number, end: number): Expression =>
      sliceAxis(x, { axis: 1, start, end });
    const { x, status, evaluations } = solve(
      augmented(open.field, divergence.of),
      concat([x1, zerosLike(column(x1, 0, 1))], 1),
      { ...solver, from: 1, to: 0 },
    );
    const gained = reshape(column(x, dim, dim + 1), ["n"]);
    const log = plus(density(column(x, 0, dim)), gained);
    return {
      program: {
        name: "likelihood",
        inputs: [data, ...inputs, ...divergence.inputs, ...open.parameters],
        state: [],
        outputs: {
          log_likelihood: minus(log, logDeterminant(target.standardization)),
          status,
          evaluations,
        },
      },
      values: {
        x: { text: "Points in units of the data." },
        log_likelihood: {
          text: `log p(x) of each point, in nats, by ${divergence.text}.`,
        },
        ...SOLVE_VALUES,
        ...values,
        ...divergence.values,
      },
      defaults: { ...defaults, ...divergence.defaults },
    };
  },
  inputs: ({ target }) => ({ x: target }),
  expected: async (model, { x }, divergence) => ({
    log_likelihood: await model.logLikelihood(x, { divergence }),
  }),
};

/** A way to the divergence, with the inputs that it adds to the file. */
interface DeployedDivergence extends Omit<Content, "program"> {
  readonly of: Divergence;
  readonly inputs: readonly Expression[];
  readonly text: string;
}

function divergenceOf({ spec, dim, divergence }: Deployed): DeployedDivergence {
  switch (divergence) {
    case "exact":
      return {
        of: exactDivergence,
        inputs: [],
        values: {},
        defaults: {},
        text: "the exact divergence of the velocity",
      };
    case "hutchinson": {
      const draw = input("draw", [], "i32");
      return {
        of: hutchinsonDivergence(signs({ seed: spec.seed, shape: ["n", dim] }, draw)),
        inputs: [draw],
        values: {
          draw: {
            text:
              "Which random probes estimate the divergence: equal numbers give equal results; 0 if it is left out.",
          },
        },
        defaults: { draw: { data: [0], shape: [] } },
        text:
          "Hutchinson's unbiased estimate of the velocity's divergence, one random probe for each point",
      };
    }
    default:
      return divergence satisfies never;
  }
}
