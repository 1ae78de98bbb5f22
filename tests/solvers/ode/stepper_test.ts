import assert from "node:assert/strict";
import { evaluate, type Expression, input } from "../../../graph/mod.ts";
import { SOLVERS, STATUS, stepper, type StepperState } from "../../../solvers/ode/mod.ts";
import { mixture, mixtureStarts, solved } from "./problems.ts";

type Values = Record<string, { data: Float64Array; shape: number[] }>;

const settings = { rtol: 1e-5, atol: 1e-5, maxSteps: 1000, control: "sample" } as const;
const times = [0.3, 0.8];
const stepping = stepper(mixture, { method: SOLVERS.dopri5, from: 0, to: 1, times, ...settings });

/** Runs expressions of a state, and names their values after its fields. */
function run(state: StepperState, inputs: Values): Values {
  const fields = Object.entries(state) as [string, Expression][];
  const values = evaluate(fields.map(([, e]) => e), inputs);
  return Object.fromEntries(fields.map(([name], i) => [name, values[i]]));
}

const x0 = (rows: readonly (readonly number[])[]): Values => ({
  x0: { data: Float64Array.from(rows.flat()), shape: [rows.length, 2] },
});
const init = stepping.init(input("x0", ["n", 2]));
const advanced = stepping.advance(stepping.inputs({ rows: "n", dim: 2 }), 3);

/** Copies row `from` of every tensor to row `to` of others. */
function copyRow(source: Values, from: number, target: Values, to: number): void {
  for (const [name, { data, shape }] of Object.entries(source)) {
    const size = shape.slice(1).reduce((a, b) => a * b, 1);
    target[name].data.set(data.subarray(from * size, (from + 1) * size), to * size);
  }
}

Deno.test("stepper() run in pieces, lanes refilled, gives each sample the path that solve() gives", () => {
  const whole = solved(mixture, mixtureStarts, {
    method: SOLVERS.dopri5,
    step: { kind: "adaptive", ...settings },
    times,
  });
  const lanes = 4;
  const owner = [0, 1, 2, 3];
  let next = lanes;
  let state = run(init, x0(mixtureStarts.slice(0, lanes)));
  const done = new Map<number, number[]>();
  while (done.size < mixtureStarts.length) {
    state = run(advanced, state);
    for (let lane = 0; lane < lanes; lane++) {
      if (state.status.data[lane] === STATUS.running || done.has(owner[lane])) continue;
      const attempts = state.accepted.data[lane] + state.rejected.data[lane];
      const kept = state.kept.data.subarray(4 * lane, 4 * lane + 4);
      done.set(owner[lane], [...state.x.data.subarray(2 * lane, 2 * lane + 2), ...kept, attempts]);
      if (next === mixtureStarts.length) continue;
      copyRow(run(init, x0([mixtureStarts[next]])), 0, state, lane);
      owner[lane] = next++;
    }
  }
  mixtureStarts.forEach((_, i) => {
    assert.deepEqual(done.get(i), [
      ...whole.x[i],
      ...whole.trajectory.flatMap((rows) => rows[i]),
      whole.accepted[i] + whole.rejected[i],
    ]);
  });
});

Deno.test("stepper() leaves finished lanes as they are", () => {
  let state = run(init, x0(mixtureStarts.slice(0, 3)));
  while (state.status.data.some((code) => code === STATUS.running)) state = run(advanced, state);
  assert.deepEqual(run(advanced, state), state);
});

Deno.test("stepper() does no iteration more than it is allowed", () => {
  const state = run(init, x0(mixtureStarts.slice(0, 3)));
  const { accepted, rejected } = run(advanced, state);
  assert.deepEqual([...accepted.data].map((n, i) => n + rejected.data[i]), [3, 3, 3]);
});
