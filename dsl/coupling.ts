import { build } from "./build.ts";
import type { Settings } from "./dimension.ts";
import * as schema from "./schema/coupling.ts";
import type {
  IndependentCouplingSpec,
  OptimalTransportCouplingSpec,
  SinkhornCouplingSpec,
} from "./spec/coupling.ts";

/**
 * Pairs source and target samples as they are drawn.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { coupling } from "./mod.ts";
 * assert.deepEqual(coupling.independent(), { kind: "independent" });
 * ```
 */
export function independent(): IndependentCouplingSpec {
  return build("coupling.independent", schema.independent, { kind: "independent" });
}

/**
 * Pairs samples by the exact optimal transport plan of a batch, squared Euclidean cost.
 *
 * Source: Tong et al., arXiv:2302.00482; Pooladian et al., arXiv:2304.14772.
 *
 * @param options `batchSize`: samples in one plan, a multiple of the training batch; by default
 * that batch itself.
 * @throws {InputError} If `batchSize` is not a whole number of at least 1.
 *
 * @example Plans of four training batches
 * ```ts
 * import assert from "node:assert/strict";
 * import { coupling } from "./mod.ts";
 * assert.equal(coupling.optimalTransport({ batchSize: 1024 }).batchSize, 1024);
 * ```
 */
export function optimalTransport(
  options: Settings<OptimalTransportCouplingSpec> = {},
): OptimalTransportCouplingSpec {
  return build("coupling.optimalTransport", schema.optimalTransport, {
    kind: "optimalTransport",
    ...options,
  });
}

/**
 * Draws pairs from the entropic transport plan of a batch, squared Euclidean cost, in the log domain.
 * Defaults: epsilon 0.1, the training batch, 2000 iterations at most, tolerance 1e-3.
 *
 * Source: Cuturi, "Sinkhorn Distances", NeurIPS 2013.
 *
 * @throws {InputError} If epsilon or the tolerance is not above 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { coupling } from "./mod.ts";
 * assert.equal(coupling.sinkhorn({ epsilon: 0.5 }).epsilon, 0.5);
 * ```
 */
export function sinkhorn(options: Settings<SinkhornCouplingSpec> = {}): SinkhornCouplingSpec {
  return build("coupling.sinkhorn", schema.sinkhorn, { kind: "sinkhorn", ...options });
}
