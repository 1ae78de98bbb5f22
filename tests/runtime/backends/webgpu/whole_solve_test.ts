import assert from "node:assert/strict";
import {
  cast,
  evaluate,
  type Expression,
  gather,
  input,
  loop,
  matmul,
  plus,
  type Program,
  sum,
  tanh,
  type Tensor,
  times,
} from "../../../../graph/mod.ts";
import type { RunTensor } from "../../../../runtime/backends/backend.ts";
import { LAYOUTS } from "../../../../runtime/backends/webgpu/compile/layouts.ts";
import { type Gpu, openGpu } from "../../../../runtime/backends/webgpu/device.ts";
import { GpuExecutable } from "../../../../runtime/backends/webgpu/executable.ts";
import { Pipelines } from "../../../../runtime/backends/webgpu/run/pipelines.ts";
import { bogackiShampine, dopri5, euler, heun, rk4 } from "../../../../solvers/ode/mod.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { drawn, network, solveProgram, startOf, weightsOf } from "./solve_programs.ts";

const net = network([20]);
const fixed = weightsOf(net);
const ROWS = 21; // two tiles of 16, the second of which is short

/** Runs programs in tiles, in submissions of so many operations. */
class Runs {
  readonly #gpu: Gpu;
  readonly #pipelines: Pipelines;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#pipelines = new Pipelines(gpu.device);
  }

  /** Outputs and cost; the program must have been one kernel. */
  async run(
    program: Program,
    inputs: Record<string, RunTensor>,
    { tile = 16, mostWork = 1e12, mostWorkgroups = 65_535, weights = fixed }: {
      readonly tile?: number;
      readonly mostWork?: number;
      readonly mostWorkgroups?: number;
      readonly weights?: Record<string, Tensor>;
    } = {},
  ): Promise<{ outputs: Record<string, RunTensor>; dispatches: number; submissions: number }> {
    const layout = { ...LAYOUTS.software, busy: 1, whole: { lanes: 64, rows: tile } };
    const { limits } = this.#gpu;
    const executable = new GpuExecutable(
      {
        gpu: this.#gpu,
        pipelines: this.#pipelines,
        settings: {
          layout,
          mostWords: limits.bindingBytes / 4,
          mostBindings: limits.storageBuffers,
          mostShared: limits.workgroupBytes,
          mostWorkgroups,
        },
        pace: { mostWork },
      },
      program,
      { fixed: weights },
    );
    assert.ok(executable.takesAllRows(inputs), "it was not one kernel");
    const outputs = await executable.run(inputs);
    await executable.close();
    return { outputs, ...executable.counts };
  }
}

/** Reals within a few roundings of the reference, whose paths grow apart; whole numbers equal. */
function assertNear(
  program: Program,
  outputs: Record<string, RunTensor>,
  inputs: Record<string, RunTensor>,
  tolerance = 2e-5,
): void {
  const names = Object.keys(program.outputs);
  const expected = evaluate(Object.values(program.outputs), inputs);
  for (const [i, name] of names.entries()) {
    const { data, shape } = outputs[name];
    assert.deepEqual(shape, expected[i].shape, name);
    expected[i].data.forEach((value, j) => {
      const error = Math.abs(data[j] - value);
      assert.ok(error <= tolerance * (1 + Math.abs(value)), `${name}[${j}] ${data[j]}: ${value}`);
    });
  }
}

const adaptive = { kind: "adaptive", rtol: 1e-3, atol: 1e-3, maxSteps: 200, control: "sample" };

const SOLVES = {
  "euler": { method: euler, step: { kind: "fixed", steps: 5 } },
  "rk4, against time": { method: rk4, step: { kind: "fixed", steps: 3 }, from: 1, to: 0 },
  "dopri5 in equal steps": { method: dopri5, step: { kind: "fixed", steps: 2 } },
  "bogackiShampine by sample": { method: bogackiShampine, step: adaptive },
  "a likelihood": {
    method: heun,
    step: { kind: "fixed", steps: 3 },
    from: 1,
    to: 0,
    likelihood: true,
  },
} as const;

Deno.test({
  name: "a whole solve is one kernel",
  ignore: NO_ADAPTER,
  fn: async (t) => {
    const opened = await openGpu();
    assert.ok("gpu" in opened, JSON.stringify(opened));
    const runs = new Runs(opened.gpu);
    const x = startOf(ROWS, 2);

    for (const [name, options] of Object.entries(SOLVES)) {
      await t.step(`${name}: one dispatch, near the reference`, async () => {
        const program = solveProgram(net, options as never);
        const start = "likelihood" in options ? startOf(ROWS, 3) : x;
        const { outputs, dispatches } = await runs.run(program, { x: start });
        assert.equal(dispatches, 1);
        assertNear(program, outputs, { x: start, ...fixed });
      });
    }

    await t.step(
      "its bits are the same twice, and those of one tile and step at a time",
      async () => {
        for (const name of ["euler", "bogackiShampine by sample"] as const) {
          const program = solveProgram(net, SOLVES[name] as never);
          const { outputs } = await runs.run(program, { x });
          const again = await runs.run(program, { x });
          assert.deepEqual(again.outputs, outputs);
          const cut = await runs.run(program, { x }, { mostWork: 1 });
          assert.ok(cut.dispatches >= 2 * 5, `${cut.dispatches} dispatches`);
          assert.ok(cut.submissions >= cut.dispatches, `${cut.submissions} submissions`);
          assert.deepEqual(cut.outputs, outputs);
        }
      },
    );

    await t.step("a row ends where it does alone, in whatever tile and place", async () => {
      const program = solveProgram(net, SOLVES.euler as never);
      const { outputs } = await runs.run(program, { x });
      const rowOf = (row: number): Tensor => ({
        data: x.data.slice(2 * row, 2 * row + 2),
        shape: [1, 2],
      });
      for (const row of [0, 15, 20]) {
        const alone = await runs.run(program, { x: rowOf(row) });
        assert.deepEqual(alone.outputs.end.data, outputs.end.data.slice(2 * row, 2 * row + 2));
      }
      const small = await runs.run(program, { x }, { tile: 8 });
      assert.deepEqual(small.outputs, outputs);
      const narrow = await runs.run(program, { x }, { mostWorkgroups: 1 });
      assert.deepEqual(narrow.outputs, outputs);
    });

    await t.step(
      "products of all widths: blocks, several blocks for each, parts of sums",
      async () => {
        const given = input("x", ["n", 64]);
        const sizes = [64, 600, 64, 30, 66, 3];
        const shapes = sizes.slice(1).map((out, i) => [sizes[i], out]);
        const inputs = { x: drawn([ROWS, 64], 0) };
        const weights = Object.fromEntries(
          shapes.map((shape, i) => [`w${i}`, drawn(shape, i + 1, 1 / Math.sqrt(shape[0]))]),
        );
        const factors = shapes.map((shape, i) => input(`w${i}`, shape));
        const program: Program = {
          name: "products",
          inputs: [given, ...factors],
          state: [],
          outputs: { y: factors.reduce((y, w) => tanh(matmul(y, w)), given) },
        };
        const { outputs, dispatches } = await runs.run(program, inputs, { weights, tile: 8 });
        assert.equal(dispatches, 1);
        assertNear(program, outputs, { ...inputs, ...weights });
      },
    );

    await t.step("loops inside loops, with a count that the device computes", async () => {
      const given = input("x", ["n", 18]);
      const [w, lengths] = [input("w", [18, 18]), input("k", [3], "i32")];
      const { state: [y] } = loop({
        state: [given],
        count: 3,
        body: (i, y) => {
          const repeat = (y: Expression, step: (y: Expression) => Expression): Expression =>
            loop({
              state: [y],
              count: gather(lengths, i),
              body: (j, y) => [plus(step(y), cast(plus(i, j), "f32"))],
            }).state[0];
          return [repeat(repeat(y, (y) => tanh(matmul(y, w))), (y) => times(y, 0.5))];
        },
      });
      const program: Program = {
        name: "nested",
        inputs: [given, w, lengths],
        state: [],
        outputs: { y, size: sum(times(y, 2), { axes: 1 }) },
      };
      const inputs = {
        x: drawn([ROWS, 18], 0),
        k: { data: Int32Array.of(2, 0, 3), shape: [3] },
      };
      const weights = { w: drawn([18, 18], 1, 0.25) };
      const { outputs, dispatches } = await runs.run(program, inputs, { weights });
      assert.equal(dispatches, 1);
      assertNear(program, outputs, { ...inputs, ...weights });
    });

    opened.gpu.device.destroy();
  },
});
