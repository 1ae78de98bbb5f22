import assert from "node:assert/strict";
import { normalOf } from "../../graph/normal_quantile.ts";

Deno.test("normalOf() agrees with the inverse normal distribution function", () => {
  // sqrt(2) erfinv(2 p - 1) at p = (word + 1/2) / 2^32, in 40 digits. The middle pair straddles the change of formula.
  const values = [
    [0, -6.3379577545537895],
    [1, -6.166429517819751],
    [1000, -5.0398511259687115],
    [1000000, -3.4997689887583814],
    [322122546, -1.4395314720898174],
    [322122547, -1.4395314704450153],
    [1000000000, -0.729556553075874],
    [2147483647, -2.918099372916623e-10],
    [2147483648, 2.918099372916623e-10],
    [3000000000, 0.5200680618488762],
  ];
  for (const [word, expected] of values) {
    const found = normalOf(word);
    // AS 241 claims 1e-16 of its polynomials; rounding adds a few units in the last place.
    assert.ok(Math.abs(found / expected - 1) < 1e-15, `${word}: ${found}, not ${expected}`);
  }
});

Deno.test("normalOf() is antisymmetric and increasing", () => {
  let last = -Infinity;
  for (let word = 0; word < 2 ** 32; word += 65_521) {
    const z = normalOf(word);
    assert.equal(z, -normalOf(2 ** 32 - 1 - word));
    assert.ok(z > last);
    last = z;
  }
});
