import assert from "node:assert/strict";
import {
  data,
  load,
  type Model,
  pipeline,
  run,
  solver,
  source,
  type Tensor,
  times,
  velocity,
} from "../../mod.ts";

/** Images of 2 x 2 pixels in units of their own, standardised, under the field v = -x / 2. */
const IMAGES: Tensor = {
  data: Float32Array.from({ length: 400 }, (_, i) => 50 + (10 + i % 4) * Math.sin(i * i)),
  shape: [100, 2, 2],
};
const IMAGE_FLOW = pipeline({
  name: "images",
  source: source.gaussian({ dim: 4, mean: 1, scale: 2 }),
  target: data.array(IMAGES, { dim: 4, standardize: true }),
  velocity: velocity.custom((_t, x) => times(-0.5, x), { dim: 4 }),
  solver: solver.dopri5({ rtol: 1e-6, atol: 1e-6 }),
});

/** Mean and standard deviation of each pixel. */
function moments({ data, shape: [n] }: Tensor): { mean: number[]; scale: number[] } {
  const mean = [0, 1, 2, 3].map((j) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += data[4 * i + j];
    return sum / n;
  });
  const scale = mean.map((m, j) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (data[4 * i + j] - m) ** 2;
    return Math.sqrt(sum / n);
  });
  return { mean, scale };
}

async function withModel(test: (model: Model, folder: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  const { model, folder } = await run(IMAGE_FLOW, { folder: root });
  try {
    await test(model, folder);
  } finally {
    await model.close();
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("logLikelihood() of images accounts for standardising, by the closed form of a linear field", () =>
  withModel(async (model) => {
    const { data, shape } = await model.logLikelihood(IMAGES);
    assert.deepEqual(shape, [100]);
    const { mean, scale } = moments(IMAGES);
    for (let i = 0; i < 100; i++) {
      let exact = 4 * 0.5; // minus the integral of div v = -4 / 2
      for (let j = 0; j < 4; j++) {
        const z = (IMAGES.data[4 * i + j] - mean[j]) / scale[j];
        const x0 = z * Math.exp(0.5);
        exact += -0.5 * ((x0 - 1) / 2) ** 2 - Math.log(2) - 0.5 * Math.log(2 * Math.PI);
        exact -= Math.log(scale[j]);
      }
      // float32 states of size 10 with steps held to 1e-6 each.
      assert.ok(Math.abs(data[i] - exact) < 1e-4, `image ${i}: ${data[i]} for ${exact}`);
    }
  }));

Deno.test("tensors of any rank go in, and come out with the event's shape", () =>
  withModel(async (model) => {
    assert.deepEqual(model.eventShape, [2, 2]);
    assert.deepEqual((await model.sample(7)).shape, [7, 2, 2]);
    const flat = { data: IMAGES.data, shape: [100, 4] };
    assert.deepEqual(
      (await model.logLikelihood(flat)).data,
      (await model.logLikelihood(IMAGES)).data,
    );
    assert.deepEqual((await model.trajectory(3, { times: [0, 1] })).shape, [2, 3, 2, 2]);
    assert.deepEqual((await model.velocity(0.5, IMAGES)).shape, [100, 2, 2]);
  }));

Deno.test("encode() inverts sample() in the units of the data", () =>
  withModel(async (model) => {
    const z = await model.encode(IMAGES);
    const back = await model.sample(100, { source: z });
    back.data.forEach((value, i) => assert.ok(Math.abs(value - IMAGES.data[i]) < 1e-2));
    const { mean, scale } = moments(IMAGES);
    z.data.forEach((value, i) => {
      const exact = (IMAGES.data[i] - mean[i % 4]) / scale[i % 4] * Math.exp(0.5);
      assert.ok(Math.abs(value - exact) < 1e-4);
    });
  }));

Deno.test("equal seeds draw equal samples, other seeds others", () =>
  withModel(async (model) => {
    const first = await model.sample(5, { seed: 1 });
    assert.deepEqual((await model.sample(5, { seed: 1 })).data, first.data);
    assert.notDeepEqual((await model.sample(5, { seed: 2 })).data, first.data);
  }));

Deno.test("load() opens the model of a finished run", () =>
  withModel(async (model, folder) => {
    const again = await load(folder);
    assert.deepEqual((await again.sample(5)).data, (await model.sample(5)).data);
    await again.close();
    await assert.rejects(load(`${folder}/nowhere`), {
      name: "InputError",
      message: /Cannot read the run's '.*nowhere.spec\.json': no such file or folder/,
    });
  }));

Deno.test("a model refuses tensors that do not fit, naming the field", () =>
  withModel(async (model) => {
    const bad: Tensor = { data: new Float32Array(6), shape: [2, 3] };
    const message = /x must have shape \[n, 2, 2\] or \[n, 4\], found \[2,3\]/;
    await assert.rejects(model.logLikelihood(bad), { name: "InputError", message });
    await assert.rejects(model.encode(bad), { name: "InputError", message });
    await assert.rejects(model.sample(0), {
      name: "InputError",
      message: /n must be a whole number from 1 on, found 0/,
    });
    await assert.rejects(model.sample(3, { source: IMAGES }), {
      name: "InputError",
      message: /source must have n = 3 rows, found 100/,
    });
    await assert.rejects(
      model.velocity({ data: Float32Array.of(0, 1), shape: [2] }, IMAGES),
      { name: "InputError", message: /t must be a number or hold one time per sample, found 2/ },
    );
  }));

Deno.test("a likelihood needs a source whose density is known", async () => {
  const root = await Deno.makeTempDir();
  const spec = pipeline({
    name: "data-to-data",
    source: data.circles(),
    target: data.twoMoons(),
    velocity: velocity.custom((_t, x) => times(-0.5, x)),
    solver: solver.euler({ steps: 2 }),
  });
  const { model } = await run(spec, { folder: root });
  const x = { data: new Float32Array(4), shape: [2, 2] };
  await assert.rejects(model.logLikelihood(x), {
    name: "InputError",
    message: /A likelihood needs a source whose density is known, found 'circles'/,
  });
  await model.close();
  await Deno.remove(root, { recursive: true });
});
