import type { IndependentCouplingSpec } from "../../dsl/spec.ts";
import { groundCost, pointsOf } from "../../solvers/transport/mod.ts";
import type { Coupling } from "./coupling.ts";

/** Samples are paired as they were drawn. */
export const independent: Coupling<IndependentCouplingSpec> = {
  kind: "independent",
  pair: (_spec, x0, x1) => {
    const [x, y] = [pointsOf(x0, "x0"), pointsOf(x1, "x1")];
    const target = Int32Array.from({ length: x.count }, (_, i) => i);
    let cost = 0;
    for (let i = 0; i < x.count; i++) cost += groundCost(x, i, y, i, "squaredEuclidean") / x.count;
    return { target, cost, marginalError: 0 };
  },
};
