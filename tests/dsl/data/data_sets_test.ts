import assert from "node:assert/strict";
import { data } from "../../../dsl/mod.ts";

Deno.test("a path is kept as given and a URL in full", () => {
  assert.equal(data.npy({ path: "data/points.npy" }).path, "data/points.npy");
  const url = new URL("file:///data/a%20b.npy");
  assert.equal(data.npy({ path: url }).path, "file:///data/a%20b.npy");
  assert.equal(data.npz({ path: url, array: "x" }).path, url.href);
  assert.equal(data.csv({ path: url }).path, url.href);
  assert.equal(data.parquet({ path: url }).path, url.href);
});

Deno.test("a split is by fractions or by column, as its fields say", () => {
  const path = "a.csv";
  assert.deepEqual(data.csv({ path, split: { train: 0.9, test: 0.1 } }).split, {
    kind: "fractions",
    train: 0.9,
    validation: 0,
    test: 0.1,
    seed: 0,
  });
  assert.deepEqual(data.csv({ path, split: { column: "day", train: [0], test: [1] } }).split, {
    kind: "column",
    column: "day",
    train: [0],
    validation: [],
    test: [1],
  });
  assert.equal(data.csv({ path }).split, null);
});

Deno.test("fractions that sum to 1 but for rounding are accepted", () => {
  const split = { train: 0.55, validation: 0.34, test: 0.11 };
  assert.ok(split.train + split.validation + split.test > 1);
  data.npy({ path: "a.npy", split });
});

Deno.test("a data set that is split by column needs columns with names", () => {
  // @ts-expect-error an .npy file has no names
  assert.throws(() => data.npy({ path: "a.npy", split: { column: "day", train: [0] } }), {
    name: "InputError",
    message: 'data.npy: split.kind must be "fractions": found "column"',
  });
});

Deno.test("missing values and dequantization have few answers", () => {
  // @ts-expect-error there is no such answer
  assert.throws(() => data.csv({ path: "a.csv", missing: "ignore" }), {
    message: 'data.csv: missing must be one of "reject", "drop", "mean": found "ignore"',
  });
  assert.throws(() => data.npy({ path: "a.npy", dequantize: 0 }), {
    message: "data.npy: dequantize must be a number above 0: found 0",
  });
});

Deno.test("an empty path is refused", () => {
  assert.throws(() => data.parquet({ path: "" }), {
    message: 'data.parquet: path must be the path or URL of a file: found ""',
  });
});
