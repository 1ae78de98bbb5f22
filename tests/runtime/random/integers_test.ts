import assert from "node:assert/strict";
import { integers } from "../../../runtime/random/mod.ts";
import { integerOf } from "../../../runtime/random/integers.ts";

const AT = { seed: 1, stream: "integers", step: 0 };

Deno.test("integers() are uniform", () => {
  const count = 60_000;
  for (const below of [1, 2, 6, 100]) {
    const counts = new Float64Array(below);
    for (const k of integers({ below, count }, AT)) counts[k]++;
    const expected = count / below;
    const chi = counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0);
    // Chi-squared with `below - 1` degrees of freedom: mean + 5 standard deviations.
    assert.ok(chi <= below - 1 + 5 * Math.sqrt(2 * (below - 1)), `below ${below}: ${chi}`);
  }
});

Deno.test("integers() have no bias where the modulus would give one", () => {
  // Below 3/4 of 2^32 a bare modulus hits the first third twice as often as the rest.
  const below = 3 * 2 ** 30;
  const count = 30_000;
  const low = integers({ below, count }, AT).filter((k) => k < below / 3).length;
  assert.ok(Math.abs(low - count / 3) < 5 * Math.sqrt(count * 2 / 9), `${low} of ${count}`);
});

Deno.test("integerOf() replaces a word beyond the last whole multiple by another stream's", () => {
  assert.equal(integerOf(2 ** 32 - 2, 2 ** 32 - 1, AT, 0), 2 ** 32 - 2);
  const replaced = integerOf(2 ** 32 - 1, 2 ** 32 - 1, AT, 0);
  assert.equal(
    replaced,
    integers({ below: 2 ** 32, count: 1 }, { ...AT, stream: "integers#1" })[0],
  );
});

Deno.test("integers() reject a range that is empty or too long", () => {
  for (const below of [0, -1, 1.5, 2 ** 32 + 1]) {
    assert.throws(() => integers({ below, count: 1 }, AT), {
      name: "RangeError",
      message: /must be from 1 to 2\^32/,
    });
  }
});
