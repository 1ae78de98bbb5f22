import assert from "node:assert/strict";
import { choice, permutation } from "../../../runtime/random/mod.ts";

const at = (step: number) => ({ seed: 3, stream: "permutation", step });

Deno.test("permutation() holds every entry once", () => {
  for (const n of [0, 1, 2, 1000]) {
    const sorted = permutation(n, at(0)).sort();
    assert.deepEqual(sorted, Uint32Array.from({ length: n }, (_, i) => i));
  }
});

Deno.test("permutation() makes all orders of four alike often", () => {
  const trials = 24_000;
  const counts = new Map<string, number>();
  for (let step = 0; step < trials; step++) {
    const key = permutation(4, at(step)).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  const chi = [...counts.values()].reduce((sum, c) => sum + (c - 1000) ** 2 / 1000, 0);
  assert.ok(chi < 23 + 5 * Math.sqrt(2 * 23), `chi squared ${chi}`); // mean + 5 sd, 23 degrees
});

Deno.test("choice() is the beginning of the permutation, whichever way it is made", () => {
  const n = 5000;
  const order = permutation(n, at(1));
  for (const k of [0, 1, 100, 312, 313, 4999]) { // sparse below n / 16 = 312.5, dense above
    assert.deepEqual(choice(n, k, at(1)), order.slice(0, k));
  }
});

Deno.test("choice() of a few among billions is quick to make and has no repeats", () => {
  const chosen = choice(4e9, 1000, at(2));
  assert.equal(new Set(chosen).size, 1000);
  assert.ok(chosen.some((i) => i > 2 ** 31));
});

Deno.test("choice() rejects what cannot be chosen", () => {
  assert.throws(() => choice(3, 4, at(0)), {
    name: "RangeError",
    message: "Cannot choose 4 of 3 without replacement",
  });
  assert.throws(() => permutation(-1, at(0)), { name: "RangeError", message: /Cannot permute -1/ });
});
