import type { CouplingSpec } from "../../dsl/spec.ts";
import type { DrawAddress } from "../../graph/threefry.ts";
import type { Tensor } from "../../graph/types.ts";

/** Which target sample goes with each source sample, and what the plan cost. */
export interface Pairs {
  /** For each row of x0 its row of x1, [n]. */
  readonly target: Int32Array;
  /** Mean cost of the pairs, squared Euclidean distance, in the unit of x squared. */
  readonly cost: number;
  /** Sum over rows of the missing or surplus mass of the plan, 0 for an exact plan. */
  readonly marginalError: number;
}

/** A way to pair the samples of a batch: a pure function of them and of where it draws. */
export interface Coupling<S extends CouplingSpec = CouplingSpec> {
  /** The kind of spec it serves. */
  readonly kind: S["kind"];
  /** x0 and x1 have the same shape, [n, ...event]. */
  pair(spec: S, x0: Tensor, x1: Tensor, at: DrawAddress): Pairs;
}
