import assert from "node:assert/strict";
import {
  data,
  pipeline,
  type PipelineSpec,
  solver,
  type SolverSpec,
  velocity,
} from "../../dsl/mod.ts";
import { interpolantOf } from "../../nodes/interpolant/mod.ts";
import { velocityOf } from "../../nodes/velocity/mod.ts";
import { type Backend, openBackend } from "../../runtime/backends/mod.ts";
import { type Dataset, openData, openSource } from "../../runtime/data/mod.ts";
import { type Flow, openFlow } from "../../runtime/flow.ts";

/** The closed-form flow to a mixture whose density is known: every number has an oracle. */
const MIXTURE: PipelineSpec = pipeline({
  target: data.gaussianMixture({
    weights: [0.3, 0.7],
    means: [[-1, 0.5], [1.5, -0.5]],
    covariances: [[[0.3, 0.1], [0.1, 0.2]], [[0.15, 0], [0, 0.4]]],
  }),
  velocity: velocity.gaussianMixture(),
  solver: solver.dopri5({ rtol: 1e-5, atol: 1e-5 }),
});

async function withFlow(
  test: (on: { flow: Flow; source: Dataset; target: Dataset }) => Promise<void>,
): Promise<void> {
  const backend: Backend = await openBackend("cpu", { threads: 2 });
  const spec = MIXTURE;
  const source = await openSource(spec.source, { dim: 2 });
  const target = await openData(spec.target);
  const interpolant = interpolantOf(spec.interpolant);
  const flow = openFlow({
    ...{ spec, dim: 2, backend, parameters: new Map(), density: source.density },
    velocity: velocityOf(spec.velocity, {
      ...{ dim: 2, seed: 0, interpolant, source: spec.source, target: spec.target },
    }),
  });
  try {
    await test({ flow, source, target });
  } finally {
    await flow.close();
    await backend.close();
  }
}

const at = { seed: 5, stream: "flow-test", step: 0 };

Deno.test("a flow's log-density is that of the mixture", () =>
  withFlow(async ({ flow, target }) => {
    const x = target.parts.test.draw(700, at);
    const exact = target.density!.logDensity(x);
    const { values, report } = await flow.logDensity(x);
    assert.deepEqual(report.failures, []);
    // rtol = atol = 1e-5 for each step, about 15 steps, float32 arithmetic.
    values.forEach((value, i) => assert.ok(Math.abs(value - exact[i]) < 2e-3, `row ${i}`));
  }));

const SHARED = solver.dopri5({ rtol: 1e-5, atol: 1e-5, control: "batch" });

for (
  const [name, method] of Object.entries({
    "steps by sample": MIXTURE.solver,
    "steps by batch": SHARED,
  })
) {
  Deno.test(`Hutchinson's estimate of a log-density is unbiased, and its draws differ (${name})`, () =>
    withFlow(async ({ flow, target }) => {
      const x = target.parts.test.draw(4, at);
      const { values: exact } = await flow.logDensity(x, { solver: method });
      const draws = 400;
      const repeated = {
        data: Float32Array.from({ length: draws * 8 }, (_, i) => x.data[i % 8]),
        shape: [draws * 4, 2],
      };
      const estimate = (draw: number) =>
        flow.logDensity(repeated, { divergence: "hutchinson", draw, solver: method });
      const { values } = await estimate(3);
      for (let i = 0; i < 4; i++) {
        const all = Array.from({ length: draws }, (_, k) => values[4 * k + i]);
        const mean = all.reduce((a, b) => a + b) / draws;
        const deviation = Math.sqrt(all.reduce((s, v) => s + (v - mean) ** 2, 0) / (draws - 1));
        // Four standard errors of the mean (1 in 16,000 each), and the tolerance of the solves.
        const bound = 4 * deviation / Math.sqrt(draws) + 2e-3;
        assert.ok(Math.abs(mean - exact[i]) < bound, `row ${i}: ${mean} for ${exact[i]}`);
        assert.ok(deviation > 1e-3, "the estimate is one: the field's Jacobian is not diagonal");
      }
      assert.deepEqual((await estimate(3)).values, values);
      assert.notDeepEqual((await estimate(4)).values, values);
    }));
}

Deno.test("logDensity() refuses a divergence it does not know and a draw that is none", () =>
  withFlow(async ({ flow, target }) => {
    const x = target.parts.test.draw(2, at);
    await assert.rejects(flow.logDensity(x, { divergence: "hutchison" as "hutchinson" }), {
      name: "InputError",
      message: /divergence must be one of exact, hutchinson, found 'hutchison'/,
    });
    await assert.rejects(flow.logDensity(x, { divergence: "hutchinson", draw: -1 }), {
      name: "InputError",
      field: "draw",
    });
  }));

Deno.test("push() after pull() returns to the start", () =>
  withFlow(async ({ flow, target }) => {
    const x1 = target.parts.test.draw(600, at);
    const { x: x0 } = await flow.pull(x1);
    const { x } = await flow.push(x0);
    x.data.forEach((value, i) => assert.ok(Math.abs(value - x1.data[i]) < 1e-3));
  }));

const SOLVERS: Readonly<Record<string, SolverSpec>> = {
  "adaptive steps by sample": solver.dopri5({ rtol: 1e-5, atol: 1e-5 }),
  "fixed steps": solver.rk4({ steps: 7 }),
};

for (const [name, method] of Object.entries(SOLVERS)) {
  Deno.test(`with ${name} a sample's bits do not depend on the others`, () =>
    withFlow(async ({ flow, source }) => {
      const x0 = source.parts.test.draw(1100, at); // more than two tiles
      const all = await flow.push(x0, { solver: method });
      for (const [from, to] of [[0, 1], [3, 9], [500, 1013]]) {
        const part = { data: x0.data.slice(2 * from, 2 * to), shape: [to - from, 2] };
        const { x } = await flow.push(part, { solver: method });
        assert.deepEqual(x.data, all.x.data.slice(2 * from, 2 * to), `rows ${from} to ${to}`);
      }
    }));

  Deno.test(`with ${name} states at many times end where a plain solve ends`, () =>
    withFlow(async ({ flow, source }) => {
      const x0 = source.parts.test.draw(40, at);
      const end = await flow.push(x0, { solver: method });
      const { x } = await flow.states(x0, [0, 0.25, 0.6, 1], { solver: method });
      assert.deepEqual(x.shape, [4, 40, 2]);
      assert.deepEqual(x.data.slice(0, 80), x0.data);
      x.data.slice(240).forEach((value, i) => assert.ok(Math.abs(value - end.x.data[i]) < 1e-4));
      const fine = await flow.states(x0, [0.25, 0.6], {
        solver: solver.rk4({ steps: 100 }),
      });
      x.data.slice(80, 240).forEach((value, i) =>
        assert.ok(Math.abs(value - fine.x.data[i]) < 1e-3, `state ${i}`)
      );
    }));

  Deno.test(`with ${name} a report counts steps and tells the times visited`, () =>
    withFlow(async ({ flow, source }) => {
      const x0 = source.parts.test.draw(20, at);
      const { report } = await flow.push(x0, { solver: method, visited: true });
      assert.equal(report.samples, 20);
      assert.equal(report.visited!.length, 20);
      const accepted = report.visited!.map((path) => path.length - 1);
      assert.equal(Math.max(...accepted), report.accepted.max);
      for (const path of report.visited!) {
        assert.equal(path[0], 0);
        assert.equal(path.at(-1), 1);
        path.slice(1).forEach((t, i) => assert.ok(t > path[i]));
      }
    }));
}

Deno.test("a batch may share its steps", () =>
  withFlow(async ({ flow, source }) => {
    const x0 = source.parts.test.draw(50, at);
    const { x, report } = await flow.push(x0, { solver: SHARED });
    assert.equal(report.accepted.mean, report.accepted.max);
    const own = await flow.push(x0);
    x.data.forEach((value, i) => assert.ok(Math.abs(value - own.x.data[i]) < 1e-3));
  }));

Deno.test("a solve that gives up says where, why and what to do", () =>
  withFlow(async ({ flow, source }) => {
    const hurried = solver.dopri5({ rtol: 1e-6, atol: 1e-6, maxSteps: 3 });
    const { report, x } = await flow.push(source.parts.test.draw(5, at), { solver: hurried });
    assert.equal(report.failures.length, 5);
    assert.match(
      report.failures[0].reason,
      /step limit reached at t = 0\.\d+ .*: raise maxSteps or loosen rtol and atol/,
    );
    assert.ok(x.data.every(Number.isFinite));
  }));

Deno.test("states() refuses times that do not increase within [0, 1]", () =>
  withFlow(async ({ flow, source }) => {
    const x0 = source.parts.test.draw(2, at);
    for (const times of [[], [0.5, 0.5], [0, 1.1], [1, 0]]) {
      await assert.rejects(flow.states(x0, times), {
        name: "InputError",
        message: /times must increase/,
      });
    }
  }));
