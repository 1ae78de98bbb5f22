import assert from "node:assert/strict";
import * as tf from "npm:@tensorflow/tfjs-core@4.22.0";
import { input, less, loop, plus, type Program, sum, times } from "../../../../graph/mod.ts";
import { openBackend } from "../../../../runtime/backends/mod.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { batches, firstState, trainingProgram } from "../training_program.ts";

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: NO_ADAPTER, fn });

test("tfjs holds no more tensors after many steps than after a few, and none once it is closed", async () => {
  const backend = await openBackend("tfjs");
  const before = tf.memory().numTensors;
  const program = trainingProgram([3, 8, 2], 16);
  const executable = await backend.load(program);
  await executable.writeState(firstState(program));
  const counts: number[] = [];
  for (const done of [0, 3, 6]) {
    await executable.run(batches(program, { steps: 3, done }));
    counts.push(tf.memory().numTensors - before);
  }
  assert.deepEqual(new Set(counts).size, 1, `tensors after 3, 6 and 9 steps: ${counts}`);
  assert.ok(counts[0] >= program.state.length);
  await backend.close();
  assert.equal(tf.memory().numTensors, before);
});

test("tfjs frees what solves and loops leave on the way", async () => {
  const backend = await openBackend("tfjs");
  const before = tf.memory().numTensors;
  const x = input("x", ["n", 2]);
  const { state, collected, iterations } = loop({
    state: [x, 0],
    count: 5,
    while: (_y, k) => less(k, 4),
    body: (_i, y, k) => ({ state: [times(y, 2), plus(k, 1)], collect: [sum(y), y] }),
  });
  const program: Program = {
    name: "doubling",
    inputs: [x],
    state: [],
    outputs: { y: state[0], sums: collected[0], iterations },
  };
  const executable = await backend.load(program);
  const { y, iterations: done } = await executable.run({
    x: { data: Float32Array.of(1, 2), shape: [1, 2] },
  });
  assert.deepEqual([...y.data], [16, 32]);
  assert.deepEqual([...done.data], [4]);
  const held = tf.memory().numTensors;
  await executable.run({ x: { data: new Float32Array(20), shape: [10, 2] } });
  assert.equal(tf.memory().numTensors, held);
  await backend.close();
  assert.equal(tf.memory().numTensors, before);
});

test("tfjs leaves an application's own backend and flags as they were", async () => {
  const backend = await openBackend("tfjs");
  const forward = tf.env().getBool("WEBGPU_CPU_FORWARD");
  const x = input("x", [2]);
  const executable = await backend.load({
    name: "twice",
    inputs: [x],
    state: [],
    outputs: { y: times(x, 2) },
  });
  const result = await executable.run({ x: { data: Float32Array.of(1, 2), shape: [2] } });
  assert.deepEqual([...result.y.data], [2, 4]);
  assert.equal(tf.env().getBool("WEBGPU_CPU_FORWARD"), forward);
  await backend.close();
});

test("tfjs says what it runs on", async () => {
  const backend = await openBackend("tfjs");
  assert.match(backend.describe(), /^tfjs: TensorFlow\.js 4\.22\.0, WebGPU on \S/);
  assert.match(backend.identity, /^tfjs 4\.22\.0 webgpu \S/);
  await backend.close();
  await assert.rejects(backend.load({ name: "late", inputs: [], state: [], outputs: {} }), {
    message: /as the backend was closed/,
  });
});
