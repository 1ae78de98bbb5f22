import { data, source } from "../dsl/mod.ts";
import { interpolantOf } from "../nodes/interpolant/mod.ts";
import { type Velocity, velocityOf } from "../nodes/velocity/mod.ts";

/** The network that the benches share: 3 -> 256 -> 256 -> 256 -> 2 with SiLU. */
export const velocity: Velocity = velocityOf(
  {
    kind: "mlp",
    hidden: [256, 256, 256],
    activation: "silu",
    time: { kind: "raw" },
    residual: false,
    layerNorm: false,
  },
  {
    dim: 2,
    seed: 0,
    interpolant: interpolantOf({ kind: "linear" }),
    source: source.gaussian({ dim: 2 }),
    target: data.twoMoons({ noise: 0.05 }),
  },
);
