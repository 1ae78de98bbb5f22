import assert from "node:assert/strict";
import { input, loop, matmul, plus, type Program, silu, times } from "../../../graph/mod.ts";
import { fillNormal } from "../../../graph/threefry.ts";
import { openBackend } from "../../../runtime/backends/mod.ts";
import { LanePool } from "../../../runtime/backends/lane_pool.ts";
import { modelOf } from "../../../runtime/backends/session.ts";
import { LaneWorker } from "../../../runtime/backends/worker_lane.ts";

function normal(shape: number[], stream: string) {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fillNormal(data, { seed: 7, stream, step: 0 });
  return { data, shape };
}

/** Euler steps through a layer of 64. */
function program(steps: number): Program {
  const [x, w, v] = [input("x", ["n", 2]), input("w", [2, 64]), input("v", [64, 2])];
  const [y] = loop({
    state: [x],
    count: steps,
    body: (_i, y) => [plus(y, times(0.01, matmul(silu(matmul(y, w)), v)))],
  }).state;
  return { name: `steps ${steps}`, inputs: [x, w, v], state: [], outputs: { y } };
}

const fixed = { w: normal([2, 64], "w"), v: normal([64, 2], "v") };
const x = normal([1024, 2], "x");

Deno.test("programs of a backend share its workers, which end with it", async () => {
  const running = new Set<Worker>();
  const ours = globalThis.Worker;
  globalThis.Worker = class extends ours {
    constructor(...options: ConstructorParameters<typeof Worker>) {
      super(...options);
      running.add(this);
    }
    override terminate(): void {
      running.delete(this);
      super.terminate();
    }
  };
  try {
    const [two, one] = [
      await openBackend("cpu", { threads: 2 }),
      await openBackend("cpu", { threads: 1 }),
    ];
    for (const steps of [2, 3, 4, 5]) {
      const tiled = await two.loadTiled(program(steps), { rows: "n", tile: 32, fixed });
      const single = await one.loadTiled(program(steps), { rows: "n", tile: 32, fixed });
      const expected = (await single.run({ x })).y.data;
      for (let i = 0; i < 3; i++) assert.deepEqual((await tiled.run({ x })).y.data, expected);
    }
    assert.equal(running.size, 2, "workers of a backend with two threads");
    await two.close();
    await one.close();
    assert.equal(running.size, 0, "workers left");
  } finally {
    globalThis.Worker = ours;
  }
});

Deno.test("a worker holds several programs, and lets go of one at a time", async () => {
  const pool = new LanePool();
  const lanes = await Promise.all([2, 3].map((steps) => {
    const { bytes } = modelOf(program(steps), { fixed });
    return pool.program(bytes)(0);
  }));
  assert.equal(pool.started, 1);
  const [a, b] = await Promise.all(lanes.map((lane) => lane.run({ x })));
  assert.notDeepEqual(a.y.data, b.y.data);
  await lanes[0].close();
  await assert.rejects(lanes[0].run({ x }), { message: "Cannot run a program that was closed" });
  assert.deepEqual(await lanes[1].run({ x }), b);
  pool.close();
  await assert.rejects(lanes[1].run({ x }), { message: /as its backend was closed/ });
});

Deno.test("a model that cannot be read is an error, and its worker stays of use", async () => {
  const pool = new LanePool();
  const broken = pool.program(Uint8Array.of(1, 2, 3));
  await assert.rejects(broken(0), { message: /protobuf/i });
  const lane = await pool.program(modelOf(program(2), { fixed }).bytes)(0);
  assert.deepEqual((await lane.run({ x })).y.shape, [1024, 2]);
  pool.close();
  await assert.rejects(broken(0), { message: /as its backend was closed/ });
});

Deno.test("a worker that cannot start rejects what it was asked and is asked", async () => {
  const worker = new LaneWorker({
    url: "data:text/javascript,throw new Error('no way')",
    name: "broken",
  });
  const failed = { message: /as the worker failed: .*no way/ };
  await Promise.all([
    assert.rejects(worker.ask({ kind: "release", program: 0 }), failed),
    assert.rejects(worker.ask({ kind: "release", program: 1 }), failed),
  ]);
  await assert.rejects(worker.ask({ kind: "release", program: 2 }), failed);
  worker.close();
});

for (const name of ["cpu", "wasm"] as const) {
  Deno.test(`${name}: closing in the middle of a run rejects the run`, async () => {
    const backend = await openBackend(name, { threads: 2 });
    const load = (steps: number) =>
      backend.loadTiled(program(steps), { rows: "n", tile: 32, fixed });
    const [a, b] = [await load(300), await load(301)];
    await a.run({ x }); // workers are there now
    const first = assert.rejects(a.run({ x }), {
      message: "Cannot run steps 300 as it was closed",
    });
    await a.close();
    await first;
    await assert.rejects(a.run({ x }), { message: /as it was closed/ });
    const second = assert.rejects(b.run({ x }), {
      message: "Cannot run steps 301 as it was closed",
    });
    await backend.close();
    await second;
  });

  Deno.test(`${name}: a backend may be closed twice, and loads nothing after that`, async () => {
    const backend = await openBackend(name, { threads: 2 });
    const closed = { message: /^Cannot load steps \d as the backend was closed$/ };
    const late = assert.rejects(backend.load(program(2), { fixed }), closed);
    await Promise.all([backend.close(), backend.close()]);
    await late;
    await assert.rejects(backend.load(program(3)), closed);
    await assert.rejects(backend.loadTiled(program(4), { rows: "n", tile: 8, fixed }), closed);
    await backend.close();
  });
}
