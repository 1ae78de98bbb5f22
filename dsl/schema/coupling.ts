import { z } from "npm:zod@4.6.7";
import type {
  CouplingSpec,
  IndependentCouplingSpec,
  OptimalTransportCouplingSpec,
  SinkhornCouplingSpec,
} from "../spec/coupling.ts";
import { real, whole } from "./fields.ts";
import { kinds, record } from "./record.ts";

const batchSize = whole(1).nullable().default(null)
  .describe("Samples in one plan, a multiple of the training batch; null for that batch.");

/** Schema of the independent coupling. */
export const independent: z.ZodObject = record<IndependentCouplingSpec>(
  "coupling.independent",
  "Samples are paired as they are drawn.",
  { kind: z.literal("independent") },
);

/** Schema of the optimal transport coupling. */
export const optimalTransport: z.ZodObject = record<OptimalTransportCouplingSpec>(
  "coupling.optimalTransport",
  "Pairs follow the exact optimal transport plan of a batch.",
  { kind: z.literal("optimalTransport"), batchSize },
);

/** Schema of the Sinkhorn coupling. */
export const sinkhorn: z.ZodObject = record<SinkhornCouplingSpec>(
  "coupling.sinkhorn",
  "Pairs are drawn from the entropic transport plan of a batch.",
  {
    kind: z.literal("sinkhorn"),
    epsilon: real({ above: 0 }).default(0.1)
      .describe("Weight of the entropy, in units of squared distance."),
    batchSize,
    maxIterations: whole(1).default(2_000).describe("Iterations at most."),
    tolerance: real({ above: 0 }).default(1e-3)
      .describe("Largest accepted error of the marginals."),
  },
);

/** Schema of any coupling. */
export const couplingSchema: z.ZodType<CouplingSpec> = kinds([
  independent,
  optimalTransport,
  sinkhorn,
]);
