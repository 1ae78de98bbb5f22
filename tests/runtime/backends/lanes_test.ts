import assert from "node:assert/strict";
import { input, type Program, times } from "../../../graph/mod.ts";
import type { RunTensor, RunTensors } from "../../../runtime/backends/mod.ts";
import { type Lane, TiledProgram } from "../../../runtime/backends/tiles.ts";

const x = input("x", ["n"]);
const program: Program = { name: "double", inputs: [x], state: [], outputs: { y: times(x, 2) } };
const double = ({ x }: RunTensors): Record<string, RunTensor> => ({
  y: { data: Float32Array.from(x.data, (value) => 2 * value), shape: x.shape },
});

/** A lane that does a tile when it is told to. */
function lane(ahead: number): Lane & { readonly rows: number[]; finish(): Promise<void> } {
  const rows: number[] = [];
  const waiting: (() => void)[] = [];
  return {
    ahead,
    rows,
    run(inputs) {
      rows.push(inputs.x.data[0]);
      const { promise, resolve } = Promise.withResolvers<Record<string, RunTensor>>();
      waiting.push(() => resolve(double(inputs)));
      return promise;
    },
    close: () => Promise.resolve(),
    async finish() {
      waiting.shift()!();
      await settled();
    },
  };
}

/** Until all that follows from what was resolved has happened. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

const rows = (n: number) => ({
  x: { data: Float32Array.from({ length: n }, (_, i) => i), shape: [n] },
});

Deno.test("workers take a tile ahead, save the last ones, and free this thread once all are open", async () => {
  const first = lane(1);
  const workers = [lane(2), lane(2)];
  const opening = workers.map(() => Promise.withResolvers<Lane>());
  const tiled = new TiledProgram(program, { rows: "n", tile: 1 }, {
    first,
    more: 2,
    open: (index) => opening[index].promise,
  });
  const run = tiled.run(rows(10));
  assert.deepEqual(first.rows, [0], "nobody waits for a worker to start");
  opening[0].resolve(workers[0]);
  await settled();
  assert.deepEqual(workers[0].rows, [1, 2], "the second is there before the first is done");
  await first.finish();
  assert.deepEqual(first.rows, [0, 3], "this thread helps as long as a worker is missing");
  opening[1].resolve(workers[1]);
  await settled();
  assert.deepEqual(workers[1].rows, [4, 5]);
  await first.finish();
  assert.deepEqual(first.rows, [0, 3], "now it is free");
  await workers[0].finish();
  assert.deepEqual(workers[0].rows, [1, 2, 6]);
  await workers[0].finish();
  assert.deepEqual(workers[0].rows, [1, 2, 6], "the last three are for who has nothing to do");
  await workers[0].finish();
  await workers[1].finish();
  await workers[1].finish();
  await workers[0].finish();
  await workers[0].finish();
  await workers[1].finish();
  assert.deepEqual([workers[0].rows, workers[1].rows], [[1, 2, 6, 7, 9], [4, 5, 8]]);
  const { y } = await run;
  assert.deepEqual([...y.data], Array.from({ length: 10 }, (_, i) => 2 * i));
  await tiled.close();
});
