import assert from "node:assert/strict";
import { solve, SOLVERS, STATUS } from "../../../solvers/ode/mod.ts";
import { distance, solved, spiral, spiralAt } from "./problems.ts";

const fixed = (steps: number) => ({ kind: "fixed", steps }) as const;
const END = 2;

for (const method of Object.values(SOLVERS)) {
  Deno.test(`${method.name} converges at order ${method.order} on a driven spiral`, () => {
    const error = (steps: number) =>
      distance(
        solved(spiral, [spiralAt(0)], { method, to: END, step: fixed(steps) }).x[0],
        spiralAt(END),
      );
    for (const n of [64, 128]) {
      const p = Math.log2(error(n) / error(2 * n));
      assert.ok(Math.abs(p - method.order) < 0.15, `measured ${p} at ${n} steps`);
    }
  });
}
