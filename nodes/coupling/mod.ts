/**
 * Couplings: how source and target samples are paired.
 *
 * @example Optimal transport does not let paths cross
 * ```ts
 * import assert from "node:assert/strict";
 * const x0 = { data: new Float32Array([0, 1]), shape: [2, 1] };
 * const x1 = { data: new Float32Array([11, 10]), shape: [2, 1] };
 * const at = { seed: 0, stream: "coupling", step: 0 };
 * const spec = { kind: "optimalTransport", batchSize: null } as const;
 * assert.deepEqual([...couple(spec, x0, x1, at).target], [1, 0]);
 * ```
 *
 * @module
 */

import type { CouplingSpec } from "../../dsl/spec.ts";
import type { DrawAddress } from "../../graph/threefry.ts";
import type { Tensor } from "../../graph/types.ts";
import type { Coupling, Pairs } from "./coupling.ts";
import { independent } from "./independent.ts";
import { optimalTransport } from "./optimal_transport.ts";
import { sinkhorn } from "./sinkhorn.ts";

export { type PlanPart, planPart } from "./batches.ts";
export type { Coupling, Pairs } from "./coupling.ts";
export { CouplingError } from "./sinkhorn.ts";
export { independent, optimalTransport, sinkhorn };

/** Every coupling by the kind of its spec. Tests loop over this. */
export const COUPLINGS: {
  readonly [K in CouplingSpec["kind"]]: Coupling<Extract<CouplingSpec, { kind: K }>>;
} = {
  independent,
  optimalTransport,
  sinkhorn,
};

/**
 * Pairs the samples of a batch: a pure function of the samples and of `at`, where it draws.
 *
 * Shapes: x0 and x1 are [n, ...event], the pairs are [n].
 *
 * @throws {RangeError} If the shapes differ or a coordinate is not finite.
 * @throws {CouplingError} If an entropic plan does not converge.
 */
export function couple(spec: CouplingSpec, x0: Tensor, x1: Tensor, at: DrawAddress): Pairs {
  if (x0.shape.join() !== x1.shape.join()) {
    throw new RangeError(
      `Cannot couple batches of different shape: x0 is [${x0.shape}] and x1 is [${x1.shape}]`,
    );
  }
  return (COUPLINGS[spec.kind] as Coupling).pair(spec, x0, x1, at);
}
