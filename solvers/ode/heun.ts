import { type Tableau, tableau } from "./tableau.ts";

/** Heun, the explicit trapezoidal rule, two stages. Source: Heun, Z. Math. Phys. 45:23-38, 1900. */
export const heun: Tableau = tableau({
  name: "heun",
  source: "Heun, Z. Math. Phys. 45:23-38, 1900",
  order: 2,
  c: [0, 1],
  a: [[], [1]],
  b: [1 / 2, 1 / 2],
});
