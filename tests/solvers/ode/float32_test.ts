import assert from "node:assert/strict";
import { input } from "../../../graph/mod.ts";
import { openBackend } from "../../../runtime/backends/mod.ts";
import { solve, type SolveOptions, SOLVERS, STATUS } from "../../../solvers/ode/mod.ts";
import { distance, spiral, spiralAt } from "./problems.ts";

const backend = await openBackend("wasm");
const adaptive = (control: "sample" | "batch") =>
  ({ kind: "adaptive", rtol: 1e-5, atol: 1e-5, maxSteps: 1000, control }) as const;
const fixed = (steps: number) => ({ kind: "fixed", steps }) as const;

/** Solves the spiral in float32, from where it is at `from`, in two equal rows. */
async function solved(options: SolveOptions) {
  const x0 = input("x0", ["n", 2]);
  const { trajectory, ...result } = solve(spiral, x0, options);
  const outputs = trajectory === null ? result : { ...result, trajectory };
  const program = await backend.load({ name: "spiral", inputs: [x0], state: [], outputs });
  const start = spiralAt(options.from ?? 0);
  const values = await program.run({
    x0: { data: Float32Array.from([...start, ...start]), shape: [2, 2] },
  });
  await program.close();
  return values;
}

/** By order: steps, and a bound on the method's own error with them. */
const STEPS = [0, 300, 150, 100, 30, 30];
const BOUNDS = [0, 6e-2, 2e-3, 5e-4, 5e-4, 5e-4];

for (const method of Object.values(SOLVERS)) {
  const equal = fixed(STEPS[method.order]);
  const steps = method.errorWeights === null
    ? [equal]
    : [equal, adaptive("sample"), adaptive("batch")];
  for (const step of steps) {
    const kind = step.kind === "fixed" ? "fixed steps" : `steps of the ${step.control}`;

    Deno.test(`${method.name} in float32 with ${kind} ends exactly at the end and is right between`, async () => {
      for (const [from, to] of [[0.1, 1.7], [1, 0]]) {
        const times = [0.123, 0.5, 0.77].map((s) => from + (to - from) * s);
        const { x, t, status, trajectory } = await solved({ method, from, to, step, times });
        assert.deepEqual([...t.data], Array(2).fill(Math.fround(to)));
        assert.deepEqual([...status.data], Array(2).fill(STATUS.done));
        const bound = BOUNDS[method.order];
        for (const row of [0, 1]) {
          const end = [...x.data.subarray(2 * row, 2 * row + 2)];
          assert.ok(distance(end, spiralAt(to)) < bound, `${end} from ${from} to ${to}`);
          times.forEach((time, i) => {
            const at = [...trajectory.data.subarray(4 * i + 2 * row, 4 * i + 2 * row + 2)];
            assert.ok(distance(at, spiralAt(time)) < bound, `${at} at ${time}`);
          });
        }
      }
    });
  }
}

Deno.test("dopri5 in float32 gives up when tolerances are below its resolution, and says so", async () => {
  const step = {
    kind: "adaptive",
    rtol: 0,
    atol: 1e-12,
    maxSteps: 200,
    control: "sample",
  } as const;
  const { status, t, evaluations } = await solved({ method: SOLVERS.dopri5, step });
  for (const code of status.data) {
    assert.ok(code === STATUS.stepLimit || code === STATUS.stepUnderflow);
  }
  assert.ok(t.data[0] < 1 && evaluations.data[0] <= 2 + 6 * 200);
});
