import { cos, sin, times } from "../../graph/mod.ts";
import type { Interpolant } from "./interpolant.ts";

const Q = Math.PI / 2;

/** Trigonometric interpolant, a² + b² = 1 (Albergo & Vanden-Eijnden, arXiv:2209.15571). */
export const trigonometric: Interpolant = {
  name: "trigonometric",
  source:
    "Albergo, Vanden-Eijnden, Building normalizing flows with stochastic interpolants, arXiv:2209.15571",
  a: (t) => cos(times(Q, t)), // weight of the source
  b: (t) => sin(times(Q, t)), // weight of the target
};
