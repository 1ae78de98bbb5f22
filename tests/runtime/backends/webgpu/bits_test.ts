import assert from "node:assert/strict";
import { input, type Program, random, type Tensor } from "../../../../graph/mod.ts";
import { fillNormal } from "../../../../graph/threefry.ts";
import { velocityIn } from "../../../../compiler/velocity_in.ts";
import { data, pipeline, solver, velocity } from "../../../../dsl/mod.ts";
import { openBackend } from "../../../../runtime/backends/mod.ts";
import { openFlow } from "../../../../runtime/flow.ts";
import { prepare } from "../../../../runtime/prepare.ts";
import { initialParameters } from "../../../../runtime/training/parameters.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { batches, firstState, trainingProgram } from "../training_program.ts";

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: NO_ADAPTER, fn });

/** All states after 24 training steps. */
async function trained(): Promise<Map<string, Tensor>> {
  const backend = await openBackend("webgpu");
  const program = trainingProgram([3, 64, 64, 2], 64);
  const executable = await backend.load(program);
  await executable.writeState(firstState(program));
  for (let done = 0; done < 24; done += 12) {
    await executable.run(batches(program, { steps: 12, done }));
  }
  const state = await executable.readState();
  await backend.close();
  return state;
}

test("webgpu trains with the same bits twice", async () => {
  const [first, second] = [await trained(), await trained()];
  for (const [name, { data }] of first) {
    const differs = data.findIndex((x, i) => !Object.is(x, second.get(name)!.data[i]));
    assert.equal(differs, -1, `${name}, element ${differs}`);
  }
});

/** Ends, states on the way, and log-densities of a flow that no training has moved. */
async function solved(): Promise<Float32Array[]> {
  const spec = pipeline({
    target: data.twoMoons({ noise: 0.05 }),
    velocity: velocity.mlp({ hidden: [16, 16] }),
    solver: solver.dopri5({ rtol: 1e-3, atol: 1e-3 }),
  });
  const { graph: { dim }, source } = await prepare(spec);
  const backend = await openBackend("webgpu");
  const network = velocityIn(spec, dim);
  const parameters = initialParameters(network, 7);
  const flow = openFlow({
    ...{ spec, dim, backend, parameters, velocity: network, density: source.density },
  });
  const start = source.parts.test.draw(300, { seed: 1, stream: "bits", step: 0 });
  const { x } = await flow.push(start);
  const path = await flow.states(start, [0.3, 1]);
  const { values } = await flow.logDensity(x);
  await flow.close();
  await backend.close();
  return [x.data, path.x.data, Float32Array.from(values)];
}

test("webgpu solves and finds densities with the same bits twice", async () => {
  const [first, second] = [await solved(), await solved()];
  assert.ok(first.every((values) => values.every(Number.isFinite)));
  assert.deepEqual(second, first);
});

test("webgpu draws normal numbers with the host's bits", async () => {
  const step = input("step", [], "i32");
  const shape = [60_000];
  const address = { seed: 2 ** 40 + 3, stream: "draw" };
  const program: Program = {
    name: "draw",
    inputs: [step],
    state: [],
    outputs: { y: random({ distribution: "normal", ...address, shape }, step) },
  };
  const backend = await openBackend("webgpu");
  const executable = await backend.load(program);
  const { y } = await executable.run({ step: { data: Int32Array.of(7), shape: [] } });
  const expected = new Float32Array(60_000);
  fillNormal(expected, { ...address, step: 7 });
  const differs = expected.findIndex((x, i) => !Object.is(x, y.data[i]));
  assert.equal(differs, -1, `draw ${differs} is ${y.data[differs]}, not ${expected[differs]}`);
  await backend.close();
});
