/**
 * Training steps of the compiled program, without the drawing of batches: MLP 3 x 256 with SiLU, batch 256, Adam and a
 * moving average. Each iteration is 32 steps: a step takes 1/32 of "time/iter".
 */
import { trainingProgram } from "../compiler/programs/training.ts";
import { interpolantOf } from "../nodes/interpolant/mod.ts";
import type { Tensor } from "../graph/mod.ts";
import { fillNormal, fillUniform } from "../graph/threefry.ts";
import { openBackend } from "../runtime/backends/mod.ts";
import { velocity } from "./field.ts";

const STEPS = 32;
const BATCH = 256;

const program = trainingProgram({
  dim: 2,
  interpolant: interpolantOf({ kind: "linear" }),
  velocity,
  objective: { kind: "flowMatching", prediction: "velocity" },
  training: {
    steps: 100_000,
    batchSize: BATCH,
    optimizer: {
      kind: "adam",
      learningRate: { kind: "constant", value: 1e-3 },
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    },
    ema: 0.999,
    clipNorm: null,
  },
});

const pairs = (stream: string, width: number, fill: typeof fillNormal) => {
  const data = new Float32Array(STEPS * BATCH * width);
  fill(data, { seed: 0, stream, step: 0 });
  return { data, shape: [STEPS, BATCH, width] };
};
const inputs = {
  x0: pairs("x0", 2, fillNormal),
  x1: pairs("x1", 2, fillNormal),
  t: pairs("t", 1, fillUniform),
  done: { data: Float32Array.of(0), shape: [] },
};

for (const name of ["cpu", "wasm"] as const) {
  const backend = await openBackend(name);
  const executable = await backend.load(program);
  const state = program.state.map(({ input }): [string, Tensor] => {
    const { name, shape } = input.attributes as { readonly name: string; readonly shape: number[] };
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    if (!name.includes("/")) fillNormal(data, { seed: 0, stream: name, step: 0 });
    return [name, { data: data.map((x) => x / 16), shape: [...shape] }];
  });
  await executable.writeState(new Map(state));
  await executable.run(inputs);
  Deno.bench(`${STEPS} training steps, ${name}`, { group: "step" }, async () => {
    await executable.run(inputs);
  });
  Deno.bench(`compile and load the training, ${name}`, { group: "load" }, async () => {
    const loaded = await backend.load(program);
    await loaded.close();
  });
}
