import { type Tableau, tableau } from "./tableau.ts";

/** Explicit midpoint, two stages. Source: Runge, Math. Ann. 46:167-178, 1895. */
export const midpoint: Tableau = tableau({
  name: "midpoint",
  source: "Runge, Math. Ann. 46:167-178, 1895",
  order: 2,
  c: [0, 1 / 2],
  a: [[], [1 / 2]],
  b: [0, 1],
});
