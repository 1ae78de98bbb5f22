import { type Tableau, tableau } from "./tableau.ts";

/** The classical method of order 4 (torchdiffeq's "rk4" is the 3/8 rule). Source: Kutta, Z. Math. Phys. 46:435-453, 1901. */
export const rk4: Tableau = tableau({
  name: "rk4",
  source: "Kutta, Z. Math. Phys. 46:435-453, 1901",
  order: 4,
  c: [0, 1 / 2, 1 / 2, 1],
  a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
});
