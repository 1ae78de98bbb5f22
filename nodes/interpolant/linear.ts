import { minus } from "../../graph/mod.ts";
import type { Interpolant } from "./interpolant.ts";

/** Straight lines at constant speed (Lipman et al., arXiv:2210.02747; Liu et al., arXiv:2209.03003). */
export const linear: Interpolant = {
  name: "linear",
  source:
    "Lipman, Chen, Ben-Hamu, Nickel, Le, Flow matching for generative modeling, arXiv:2210.02747",
  a: (t) => minus(1, t), // weight of the source
  b: (t) => t, // weight of the target
};
