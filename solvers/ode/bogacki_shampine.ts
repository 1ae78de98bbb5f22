import { type Tableau, tableau } from "./tableau.ts";

/** Bogacki-Shampine 3(2), four stages, FSAL. Source: Appl. Math. Lett. 2(4):321-325, 1989. */
export const bogackiShampine: Tableau = tableau({
  name: "bogackiShampine",
  source: "Bogacki, Shampine, Appl. Math. Lett. 2(4):321-325, 1989",
  order: 3,
  c: [0, 1 / 2, 3 / 4, 1],
  a: [[], [1 / 2], [0, 3 / 4], [2 / 9, 1 / 3, 4 / 9]],
  b: [2 / 9, 1 / 3, 4 / 9, 0],
  bHat: [7 / 24, 1 / 4, 1 / 3, 1 / 8], // order 2, error estimate only
});
