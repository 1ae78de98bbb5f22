import assert from "node:assert/strict";
import { SOLVERS, tableau } from "../../../solvers/ode/mod.ts";
import { treesUpTo } from "../../../solvers/ode/trees.ts";

Deno.test("treesUpTo() finds every rooted tree once", () => {
  const counts = [1, 2, 3, 4, 5, 6].map((n) => treesUpTo(6).filter((t) => t.order === n).length);
  assert.deepEqual(counts, [1, 1, 2, 4, 9, 20]);
  assert.deepEqual(treesUpTo(3).map((t) => t.density), [1, 2, 3, 6]);
});

Deno.test("tableau() derives the first-same-as-last property and the evaluations of a step", () => {
  const found = Object.values(SOLVERS).map((m) => `${m.name} ${m.fsal} ${m.evaluations}`);
  assert.deepEqual(found, [
    "euler false 1",
    "midpoint false 2",
    "heun false 2",
    "ralston false 2",
    "rk4 false 4",
    "bogackiShampine true 3",
    "dopri5 true 6",
    "tsit5 true 6",
  ]);
});

const { dopri5, bogackiShampine, rk4 } = SOLVERS;

Deno.test("tableau() rejects a row that does not sum to its time", () => {
  const a = rk4.a.map((row) => [...row]);
  a[2][0] = 0.1;
  assert.throws(() => tableau({ ...rk4, a }), {
    name: "RangeError",
    message: /Row 2 of the tableau "rk4" must sum to c = 0\.5: found 0\.6/,
  });
});

Deno.test("tableau() rejects coefficients that are a little off, wherever they are", () => {
  const moved = (row: readonly number[], i: number, j: number): number[] =>
    row.map((x, k) => k === i ? x + 1e-5 : k === j ? x - 1e-5 : x);
  const a = dopri5.a.map((row, i) => i === 4 ? moved(row, 1, 2) : row);
  assert.throws(() => tableau({ ...dopri5, a }), { message: /order condition of tree/ });
  assert.throws(() => tableau({ ...dopri5, b: moved(dopri5.b, 2, 3) }), { message: /^b of/ });
  assert.throws(() => tableau({ ...bogackiShampine, bHat: moved(bogackiShampine.bHat!, 0, 1) }), {
    message: /^bHat of the tableau "bogackiShampine"/,
  });
  const dense = dopri5.dense!.map((row, i) => i === 3 ? moved(row, 1, 2) : row);
  assert.throws(() => tableau({ ...dopri5, dense }), { message: /^theta\^2 of/ });
});

Deno.test("tableau() rejects a method that is not explicit", () => {
  assert.throws(() => tableau({ ...rk4, a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1, 0]] }), {
    message: /must be lower triangular with 4 stages/,
  });
});
