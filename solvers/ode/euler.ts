import { type Tableau, tableau } from "./tableau.ts";

/** Euler, one stage. Source: Hairer, Norsett, Wanner, "Solving Ordinary Differential Equations I", section I.7. */
export const euler: Tableau = tableau({
  name: "euler",
  source: "Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, section I.7",
  order: 1,
  c: [0],
  a: [[]],
  b: [1],
});
