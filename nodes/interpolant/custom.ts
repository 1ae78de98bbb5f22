import type { CustomInterpolantSpec } from "../../dsl/spec.ts";
import { applyTraced } from "../traced.ts";
import type { Interpolant } from "./interpolant.ts";

/** An interpolant from two traced functions of one scalar input `t`, which here may have any shape. */
export function custom({ a, b }: Pick<CustomInterpolantSpec, "a" | "b">): Interpolant {
  return {
    name: "custom",
    source: "this pipeline",
    a: (t) => applyTraced(a, { rows: 1, inputs: { t } }),
    b: (t) => applyTraced(b, { rows: 1, inputs: { t } }),
  };
}
