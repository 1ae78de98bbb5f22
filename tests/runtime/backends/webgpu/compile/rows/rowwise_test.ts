import assert from "node:assert/strict";
import {
  cumulativeSum,
  type Expression,
  input,
  loop,
  matmul,
  mean,
  minus,
  plus,
  type Program,
  reverse,
  sum,
  times,
} from "../../../../../../graph/mod.ts";
import { bogackiShampine, euler, solve } from "../../../../../../solvers/ode/mod.ts";
import { rowsOf } from "../../../../../../runtime/backends/webgpu/compile/rows/rowwise.ts";
import { network, solveProgram } from "../../solve_programs.ts";

const [x, w] = [input("x", ["n", 4]), input("w", [4, 4])];

/** A program that repeats something. */
function repeated(step: (x: Expression) => Expression): Program {
  const { state: [y] } = loop({ state: [x], count: 3, body: (_i, y) => [step(y)] });
  return { name: "repeated", inputs: [x, w], state: [], outputs: { y } };
}

const tolerances = { kind: "adaptive", rtol: 1e-3, atol: 1e-3, maxSteps: 100 } as const;

Deno.test("rowsOf() finds the rows of solves, with equal steps or steps of each sample's own", () => {
  const net = network([8]);
  const fixed = { method: euler, step: { kind: "fixed", steps: 4 } } as const;
  assert.equal(rowsOf(solveProgram(net, fixed)), "n");
  assert.equal(rowsOf(solveProgram(net, { ...fixed, likelihood: true })), "n");
  const sample = { ...tolerances, control: "sample" } as const;
  assert.equal(rowsOf(solveProgram(net, { method: bogackiShampine, step: sample })), "n");
});

Deno.test("rowsOf() refuses a batch that shares its steps", () => {
  const step = { ...tolerances, control: "batch" } as const;
  assert.equal(rowsOf(solveProgram(network([8]), { method: bogackiShampine, step })), null);
});

Deno.test("rowsOf() refuses what looks across rows", () => {
  assert.equal(rowsOf(repeated((y) => matmul(y, w))), "n");
  assert.equal(rowsOf(repeated((y) => minus(y, mean(y, { axes: 1, keep: true })))), "n");
  assert.equal(rowsOf(repeated((y) => minus(y, mean(y, { axes: 0, keep: true })))), null);
  assert.equal(rowsOf(repeated((y) => times(y, sum(y)))), null);
  assert.equal(rowsOf(repeated((y) => reverse(y, [0]))), null);
  assert.equal(rowsOf(repeated((y) => cumulativeSum(y, 0))), null);
  assert.equal(rowsOf(repeated((y) => matmul(y, matmul(y, y, { transposeA: true })))), null);
});

Deno.test("rowsOf() refuses trajectories, which are stored step by step, and states", () => {
  const step = { kind: "fixed", steps: 4 } as const;
  const { trajectory } = solve((_t, y) => y, x, { method: euler, step, times: [0.5, 1] });
  const program = { name: "path", inputs: [x], state: [], outputs: { states: trajectory! } };
  assert.equal(rowsOf(program), null);
  const held = input("held", [1]);
  const state = [{ input: held, next: plus(held, 1) }];
  assert.equal(rowsOf({ ...repeated((y) => y), state }), null);
});

Deno.test("rowsOf() refuses one layer, which is a kernel anyway", () => {
  assert.equal(
    rowsOf({ name: "one", inputs: [x, w], state: [], outputs: { y: matmul(x, w) } }),
    null,
  );
});
