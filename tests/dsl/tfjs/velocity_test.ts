import assert from "node:assert/strict";
import * as core from "npm:@tensorflow/tfjs-core@4.22.0";
import * as tf from "npm:@tensorflow/tfjs-layers@4.22.0";
import "npm:@tensorflow/tfjs-backend-cpu@4.22.0";
import { evaluate, fromJSON } from "../../../graph/mod.ts";
import { data, hash, parse, pipeline, run, solver, stringify, velocity } from "../../../mod.ts";
import { ACTIVATIONS } from "../../../dsl/tfjs/activations.ts";
import { LAYERS } from "../../../dsl/tfjs/layers.ts";
import type { TfjsInputs, TfjsModel } from "../../../dsl/velocity.ts";

type Layer = tf.layers.Layer;

const x = {
  data: Float32Array.from({ length: 10 }, (_, i) => Math.sin(1 + 3.7 * i)),
  shape: [5, 2],
};
const t = { data: Float32Array.of(0, 0.25, 0.5, 0.75, 1), shape: [5, 1] };

/** Weights that are not those a model starts with: shifts, scales and averages of 0 and 1 would hide mistakes. */
async function disturb(model: tf.LayersModel): Promise<void> {
  for (const [i, variable] of model.weights.entries()) {
    const values = await variable.read().data();
    const positive = /variance/.test(variable.name);
    const moved = values.map((value, k) => value + (positive ? 0.5 : 0.3 * Math.sin(i + k)));
    variable.write(core.tensor(moved, variable.shape as number[]));
  }
}

/** Asserts that a model and its velocity agree, where state and time are joined. */
async function agrees(layers: Layer[]): Promise<void> {
  await core.setBackend("cpu");
  const model = tf.sequential({ layers });
  await disturb(model);
  const spec = await velocity.tfjs(model as TfjsModel, { joined: "stateFirst" });
  assert.equal(spec.dim, 2);
  const joined = core.concat([
    core.tensor2d(x.data, [5, 2]),
    core.tensor2d(t.data, [5, 1]),
  ], 1);
  const expected = await (model.predict(joined) as core.Tensor).data();
  const [found] = evaluate(fromJSON(spec.field), { x, t });
  expected.forEach((value, i) =>
    assert.ok(
      Math.abs(value - found.data[i]) < 2e-5 * (1 + Math.abs(value)),
      `${found.data[i]} for ${value}`,
    )
  );
}

const input = (units: number, options = {}): Layer =>
  tf.layers.dense({ inputShape: [3], units, ...options });
const output = (): Layer => tf.layers.dense({ units: 2, useBias: false });

for (const activation of Object.keys(ACTIVATIONS)) {
  Deno.test(`velocity.tfjs() gives what a model with ${activation} gives`, async () => {
    await agrees([
      input(8, { activation }),
      tf.layers.activation({ activation: activation as never }),
      output(),
    ]);
  });
}

/** A layer of each kind, in the middle of a network 8 wide. */
const MIDDLES: Readonly<Record<string, () => Layer[]>> = {
  ReLU: () => [tf.layers.reLU({ maxValue: 0.4 })],
  LeakyReLU: () => [tf.layers.leakyReLU({ alpha: 0.2 })],
  PReLU: () => [tf.layers.prelu()],
  ELU: () => [tf.layers.elu({})],
  ThresholdedReLU: () => [tf.layers.thresholdedReLU({ theta: 0.2 })],
  Softmax: () => [tf.layers.softmax({})],
  BatchNormalization: () => [
    tf.layers.batchNormalization({}),
    tf.layers.batchNormalization({ scale: false, epsilon: 0.1 }),
    tf.layers.batchNormalization({ center: false }),
  ],
  LayerNormalization: () => [
    tf.layers.layerNormalization({}),
    tf.layers.layerNormalization({ scale: false, epsilon: 0.1 }),
    tf.layers.layerNormalization({ center: false }),
  ],
  Reshape: () => [
    tf.layers.reshape({ targetShape: [2, 4] }),
    tf.layers.dense({ units: 3 }),
    tf.layers.flatten(),
  ],
  Flatten: () => [tf.layers.reshape({ targetShape: [4, 2] }), tf.layers.flatten()],
  Dropout: () => [tf.layers.dropout({ rate: 0.5 })],
  SpatialDropout1D: () => [
    tf.layers.reshape({ targetShape: [2, 4] }),
    tf.layers.spatialDropout1d({ rate: 0.5 }),
    tf.layers.flatten(),
  ],
  AlphaDropout: () => [tf.layers.alphaDropout({ rate: 0.5 })],
  GaussianDropout: () => [tf.layers.gaussianDropout({ rate: 0.5 })],
  GaussianNoise: () => [tf.layers.gaussianNoise({ stddev: 1 })],
};

for (const [kind, layers] of Object.entries(MIDDLES)) {
  Deno.test(`velocity.tfjs() gives what a model with ${kind} gives`, async () => {
    await agrees([input(8, { activation: "tanh" }), ...layers(), output()]);
  });
}

/** A layer of each kind that takes several values. */
const MERGES: Readonly<Record<string, () => Layer>> = {
  Concatenate: () => tf.layers.concatenate(),
  Add: () => tf.layers.add(),
  Multiply: () => tf.layers.multiply(),
  Maximum: () => tf.layers.maximum(),
  Minimum: () => tf.layers.minimum(),
  Average: () => tf.layers.average(),
};

/** A model of two inputs that meet in a layer, with a model inside it. */
function branched(
  merge: Layer,
  names: readonly [string, string] = ["time", "state"],
): tf.LayersModel {
  const time = tf.input({ shape: [1], name: names[0] });
  const state = tf.input({ shape: [2], name: names[1] });
  const inner = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [2], units: 4, activation: "elu" })],
  });
  const a = tf.layers.dense({ units: 4, activation: "sigmoid" }).apply(time);
  const both = merge.apply([a, inner.apply(state), inner.apply(state)] as tf.SymbolicTensor[]);
  const y = tf.layers.dense({ units: 2 }).apply(both) as tf.SymbolicTensor;
  return tf.model({ inputs: [time, state], outputs: y });
}

for (const [kind, merge] of Object.entries(MERGES)) {
  Deno.test(`velocity.tfjs() gives what a model of two inputs with ${kind} gives`, async () => {
    await core.setBackend("cpu");
    const model = branched(merge());
    await disturb(model);
    const spec = await velocity.tfjs(model as TfjsModel);
    const expected = await (model.predict([
      core.tensor2d(t.data, [5, 1]),
      core.tensor2d(x.data, [5, 2]),
    ]) as core.Tensor).data();
    const [found] = evaluate(fromJSON(spec.field), { x, t });
    expected.forEach((value, i) => assert.ok(Math.abs(value - found.data[i]) < 2e-5));
  });
}

Deno.test("velocity.tfjs() is tested with every layer it has", () => {
  const tested = new Set([
    ...Object.keys(MIDDLES),
    ...Object.keys(MERGES),
    "InputLayer",
    "Dense",
    "Activation",
  ]);
  assert.deepEqual(Object.keys(LAYERS).filter((kind) => !tested.has(kind)), []);
});

Deno.test("a velocity of a TensorFlow.js model is data, and runs", async () => {
  await core.setBackend("cpu");
  const model = tf.sequential({ layers: [input(8, { activation: "swish" }), output()] });
  const spec = pipeline({
    target: data.twoMoons(),
    velocity: await velocity.tfjs(model as TfjsModel, { joined: "timeFirst", dim: 2 }),
    solver: solver.euler({ steps: 2 }),
    metrics: [],
  });
  assert.equal(hash(parse(stringify(spec))), hash(spec));
  const folder = await Deno.makeTempDir();
  const { model: flow } = await run(spec, { folder });
  const points = { data: x.data, shape: x.shape };
  const found = await flow.velocity(0.5, points);
  const joined = core.concat([core.fill([5, 1], 0.5), core.tensor2d(x.data, [5, 2])], 1);
  const expected = await (model.predict(joined) as core.Tensor).data();
  expected.forEach((value, i) => assert.ok(Math.abs(value - found.data[i]) < 1e-5));
  await flow.close();
  await Deno.remove(folder, { recursive: true });
});

const refused = async (model: unknown, options: TfjsInputs & { dim?: number }, message: RegExp) => {
  await assert.rejects(velocity.tfjs(model as TfjsModel, options), { name: "InputError", message });
};

Deno.test("velocity.tfjs() names every layer that it does not have", async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.reshape({ inputShape: [3], targetShape: [3, 1] }),
      tf.layers.conv1d({ kernelSize: 2, filters: 3, name: "edges" }),
      tf.layers.lstm({ units: 4, name: "memory", recurrentInitializer: "zeros" }),
      output(),
    ],
  });
  await refused(
    model,
    { joined: "stateFirst" },
    /no velocity for the layer edges \(Conv1D\), the layer memory \(LSTM\): layers may be InputLayer, Dense/,
  );
});

Deno.test("velocity.tfjs() says which inputs it takes for what, and what does not fit", async () => {
  const joined = tf.sequential({ layers: [input(4), output()] });
  await refused(joined, {}, /say in which order with joined: "stateFirst" or "timeFirst"/);
  await refused(
    joined,
    { joined: "stateFirst", dim: 3 },
    /dim is 3, but the model has 2 coordinates/,
  );
  const wide = tf.sequential({ layers: [tf.layers.dense({ inputShape: [5], units: 2 })] });
  await refused(
    wide,
    { joined: "stateFirst" },
    /one input \[batch, 3\], as the output is \[batch, 2\]: found \S+ \[batch, 5\]/,
  );
  const two = branched(tf.layers.add(), ["clock", "place"]);
  await refused(
    two,
    { time: "clokc" },
    /no input "clokc": found clock \[batch, 1\], place \[batch, 2\]/,
  );
  await refused(
    two,
    { time: "place" },
    /the time must be \[batch, 1\] or \[batch\] and the state \[batch, 2\]/,
  );
  assert.equal((await velocity.tfjs(two as TfjsModel, { state: "place" })).dim, 2);
  assert.equal((await velocity.tfjs(two as TfjsModel)).dim, 2);
});
