import assert from "node:assert/strict";
import { input, type Program, random, type Tensor } from "../../../../graph/mod.ts";
import { fillNormal } from "../../../../graph/threefry.ts";
import { openBackend } from "../../../../runtime/backends/mod.ts";
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

test("webgpu gives the same bits twice", async () => {
  const [first, second] = [await trained(), await trained()];
  for (const [name, { data }] of first) {
    const differs = data.findIndex((x, i) => !Object.is(x, second.get(name)!.data[i]));
    assert.equal(differs, -1, `${name}, element ${differs}`);
  }
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
