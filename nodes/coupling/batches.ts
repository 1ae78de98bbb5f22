import type { CouplingSpec } from "../../dsl/spec.ts";

/** The part of a plan that one training step uses. */
export interface PlanPart {
  /** Number of the plan: the step at which its samples and draws are addressed. */
  readonly plan: number;
  /** Samples in the plan. */
  readonly size: number;
  /** Rows [from, to) of the plan are the step's batch. */
  readonly from: number;
  /** The row after the last. */
  readonly to: number;
}

/**
 * Which rows of which plan a training step uses, where a plan may serve several steps.
 *
 * With a coupling batch of r training batches, steps r p to r p + r - 1 take the r parts of plan p in
 * turn. This is a pure function of the step, so that a resumed run and a worker agree.
 *
 * @throws {RangeError} If the coupling's batch is not a multiple of the training batch.
 *
 * @example Two steps share one plan
 * ```ts
 * import assert from "node:assert/strict";
 * const spec = { kind: "optimalTransport", batchSize: 512 } as const;
 * assert.deepEqual(planPart(spec, { step: 7, batchSize: 256 }), { plan: 3, size: 512, from: 256, to: 512 });
 * ```
 */
export function planPart(
  spec: CouplingSpec,
  { step, batchSize }: { readonly step: number; readonly batchSize: number },
): PlanPart {
  const size = spec.kind === "independent" ? batchSize : spec.batchSize ?? batchSize;
  if (size % batchSize !== 0 || size < batchSize) {
    throw new RangeError(
      `Cannot serve training batches from a coupling as its batch must be a multiple of theirs: ` +
        `found ${size} and ${batchSize}`,
    );
  }
  const parts = size / batchSize;
  const from = (step % parts) * batchSize;
  return { plan: Math.floor(step / parts), size, from, to: from + batchSize };
}
