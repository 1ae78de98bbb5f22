import { type Tableau, tableau } from "./tableau.ts";

/** Ralston, two stages with the least error bound of order 2. Source: Ralston, Math. Comp. 16:431-437, 1962. */
export const ralston: Tableau = tableau({
  name: "ralston",
  source: "Ralston, Math. Comp. 16:431-437, 1962",
  order: 2,
  c: [0, 2 / 3],
  a: [[], [2 / 3]],
  b: [1 / 4, 3 / 4],
});
