import assert from "node:assert/strict";
import { source } from "../../dsl/mod.ts";

Deno.test("source.gaussian() takes its dimension from a list", () => {
  assert.equal(source.gaussian({ mean: [1, 2, 3] }).dim, 3);
  assert.equal(source.gaussian({ scale: [1, 2] }).dim, 2);
  assert.equal(source.gaussian().dim, null);
});

Deno.test("source.gaussian() refuses lists that do not fit", () => {
  assert.throws(() => source.gaussian({ dim: 2, mean: [1, 2, 3] }), {
    name: "InputError",
    field: "mean",
    message: "source.gaussian: mean must have one number per coordinate, 2: found 3",
  });
  assert.throws(() => source.gaussian({ mean: [1], scale: [1, 1] }), {
    message: "source.gaussian: scale must have one number per coordinate, 1: found 2",
  });
});

Deno.test("source.gaussian() refuses a scale of 0 and an empty dimension", () => {
  assert.throws(() => source.gaussian({ scale: 0 }), {
    message: "source.gaussian: scale must be a number above 0: found 0",
  });
  // @ts-expect-error text is no number
  assert.throws(() => source.gaussian({ scale: "wide" }), {
    message: "source.gaussian: scale must be a number, or a list with one number per coordinate, " +
      'above 0: found "wide"',
  });
  assert.throws(() => source.gaussian({ dim: 0 }), {
    message: "source.gaussian: dim must be a whole number of at least 1: found 0",
  });
});

Deno.test("source.uniform() refuses an empty box", () => {
  assert.throws(() => source.uniform({ low: 1, high: 1 }), {
    message: "source.uniform: high must be above low in every coordinate: " +
      "coordinate 0 runs from 1 to 1",
  });
});
