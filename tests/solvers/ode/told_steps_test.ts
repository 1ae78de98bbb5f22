import assert from "node:assert/strict";
import { evaluate, type Expression, input } from "../../../graph/mod.ts";
import { pathOfEqualSteps, solve, SOLVERS } from "../../../solvers/ode/mod.ts";
import { spiral } from "./problems.ts";

const x0 = input("x", ["n", 2]);
const told = input("steps", [], "i32");
const start = { data: [0.25, 0, 0.5, 0.1], shape: [2, 2] };
const valuesOf = (ys: readonly Expression[], steps: number): number[][] =>
  evaluate(ys, { x: start, steps: { data: [steps], shape: [] } }).map(({ data }) => [...data]);

for (const method of Object.values(SOLVERS)) {
  for (const [from, to] of [[0, 1], [1, 0]]) {
    Deno.test(`${method.name} takes as many steps as the program is told, from ${from} to ${to}`, () => {
      const run = (steps: number | Expression) => {
        const step = { kind: "fixed", steps } as const;
        return solve(spiral, x0, {
          method,
          from,
          to,
          step: step as Parameters<typeof solve>[2]["step"],
        });
      };
      const open = run(told);
      for (const steps of [1, 7, 20]) {
        const plain = run(steps);
        const names = ["x", "t", "h", "status", "evaluations", "accepted", "rejected"] as const;
        assert.deepEqual(
          valuesOf(names.map((name) => open[name]), steps),
          valuesOf(names.map((name) => plain[name]), steps),
        );
      }
    });

    Deno.test(`${method.name} keeps its path: every state from ${from} to ${to} and its time`, () => {
      const options = { method, from, to };
      const path = pathOfEqualSteps(spiral, x0, { ...options, steps: told });
      const [states, times] = valuesOf([path.states, path.times], 4);
      const at = [0, 0.25, 0.5, 0.75, 1].map((s) => from + (to - from) * s);
      assert.deepEqual(times, at);
      const step = { kind: "fixed", steps: 4 } as const;
      const { trajectory } = solve(spiral, x0, { ...options, step, times: at });
      assert.deepEqual(states, valuesOf([trajectory!], 4)[0]);
      const known = pathOfEqualSteps(spiral, x0, { ...options, steps: 4 });
      assert.deepEqual(known.states.shape, [5, "n", 2]);
      assert.deepEqual(valuesOf([known.states, known.times], 4), [states, times]);
    });
  }
}

Deno.test("solve() gives no states at times between steps whose number it does not know", () => {
  const step = { kind: "fixed", steps: told } as const;
  assert.throws(() => solve(spiral, x0, { method: SOLVERS.heun, step, times: [0.5] }), {
    name: "InputError",
    message: /Output times need a number of steps that is known beforehand/,
  });
});
