import { input } from "../../graph/mod.ts";
import { solve } from "../../solvers/ode/mod.ts";
import type { Content, Deployed, Space } from "./deploy_file.ts";
import { deployedSolver, SOLVE_VALUES } from "./steps.ts";
import { toData, toNetwork } from "./units.ts";

/** One side of a solve in a file: a tensor of points. */
interface Side {
  /** Name of the input or output. */
  readonly name: string;
  /** What its points are. */
  readonly text: string;
  readonly space: Space;
  /** The time there. */
  readonly at: 0 | 1;
}

/** A file of one solve: points of one side in, what the flow makes of them at the other out. */
export function carry(
  model: Deployed,
  { name, from, to }: { readonly name: string; readonly from: Side; readonly to: Side },
): Content {
  const { inputs, values, defaults, ...solver } = deployedSolver(model);
  const start = input(from.name, ["n", ...from.space.eventShape]);
  const { x, status, evaluations } = solve(model.open.field, toNetwork(start, from.space), {
    ...solver,
    from: from.at,
    to: to.at,
  });
  return {
    program: {
      name,
      inputs: [start, ...inputs, ...model.open.parameters],
      state: [],
      outputs: { [to.name]: toData(x, to.space), status, evaluations },
    },
    values: {
      [from.name]: { text: from.text },
      [to.name]: { text: to.text },
      ...SOLVE_VALUES,
      ...values,
    },
    defaults,
  };
}
