import type { CustomVelocitySpec } from "../../dsl/spec.ts";
import { broadcast } from "../../graph/mod.ts";
import { applyTraced } from "../traced.ts";
import { flopsOf } from "./flops.ts";
import type { Velocity } from "./velocity.ts";

/** A closed-form field from a traced function with inputs `t` ["n", 1] and `x` ["n", dim]. */
export function custom({ field }: Pick<CustomVelocitySpec, "field">): Velocity {
  return {
    name: "custom",
    parameters: [],
    apply(_parameters, t, x) {
      const rows = x.shape[0];
      return applyTraced(field, { rows, inputs: { t: broadcast(t, [rows, 1]), x } });
    },
    flops: (batch) => flopsOf(field, batch),
  };
}
