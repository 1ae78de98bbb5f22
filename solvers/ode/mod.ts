/**
 * Solvers of ordinary differential equations: methods as tableaux, and one function that steps them all.
 *
 * @module
 */

import type { SolverSpec } from "../../dsl/spec.ts";
import { bogackiShampine } from "./bogacki_shampine.ts";
import { dopri5 } from "./dopri5.ts";
import { euler } from "./euler.ts";
import { heun } from "./heun.ts";
import { midpoint } from "./midpoint.ts";
import { ralston } from "./ralston.ts";
import { rk4 } from "./rk4.ts";
import type { Tableau } from "./tableau.ts";
import { tsit5 } from "./tsit5.ts";

export { pathOfEqualSteps } from "./fixed.ts";
export type { EqualSteps } from "./fixed.ts";
export { solve } from "./solve.ts";
export type { SolveOptions, SolveResult, ToldSteps } from "./solve.ts";
export { describeStatus, STATUS } from "./status.ts";
export type { Stop } from "./status.ts";
export type { Field } from "./step.ts";
export { stepper } from "./stepper.ts";
export type { Stepper, StepperOptions, StepperState } from "./stepper.ts";
export { tableau } from "./tableau.ts";
export type { Tableau, TableauDefinition } from "./tableau.ts";
export { bogackiShampine, dopri5, euler, heun, midpoint, ralston, rk4, tsit5 };

/** Every method. Tests loop over this. */
export const SOLVERS: { readonly [K in SolverSpec["kind"]]: Tableau } = {
  euler,
  midpoint,
  heun,
  ralston,
  rk4,
  bogackiShampine,
  dopri5,
  tsit5,
};
