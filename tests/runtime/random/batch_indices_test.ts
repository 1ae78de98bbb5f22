import assert from "node:assert/strict";
import { batchIndices, permutation } from "../../../runtime/random/mod.ts";

const at = (step: number) => ({ seed: 0, stream: "batches", step });

Deno.test("batchIndices() takes no row twice within an epoch", () => {
  const [rows, batchSize] = [103, 10];
  for (const epoch of [0, 1, 2]) {
    const taken = new Set<number>();
    for (let batch = 0; batch < 10; batch++) {
      for (const row of batchIndices({ batchSize, rows }, at(epoch * 10 + batch))) taken.add(row);
    }
    assert.equal(taken.size, 100);
  }
});

Deno.test("batchIndices() reaches rows that an earlier epoch left over", () => {
  const taken = new Set<number>();
  for (let step = 0; step < 40; step++) {
    for (const row of batchIndices({ batchSize: 3, rows: 5 }, at(step))) taken.add(row);
  }
  assert.equal(taken.size, 5);
});

Deno.test("batchIndices() is a function of the step, in whatever order steps are asked for", () => {
  const options = { batchSize: 4, rows: 50 };
  const forward = Array.from({ length: 300 }, (_, step) => batchIndices(options, at(step)));
  for (const step of [299, 0, 150, 12, 13, 288]) {
    assert.deepEqual(batchIndices(options, at(step)), forward[step]);
  }
  assert.deepEqual(forward[13], permutation(50, at(1)).slice(4, 8));
});

Deno.test("batchIndices() gives copies, so that a caller cannot disturb the next draw", () => {
  const first = batchIndices({ batchSize: 4, rows: 8 }, at(0));
  const before = first.slice();
  first.fill(0);
  assert.deepEqual(batchIndices({ batchSize: 4, rows: 8 }, at(0)), before);
});

Deno.test("batchIndices() rejects a batch of more rows than there are", () => {
  assert.throws(() => batchIndices({ batchSize: 9, rows: 8 }, at(0)), {
    name: "RangeError",
    message: /batches of 9 from 8 rows/,
  });
});
