import assert from "node:assert/strict";
import { label } from "../../compiler/label.ts";

Deno.test("label() is a part's kind and its short settings", () => {
  assert.equal(label({ kind: "linear" }), "linear");
  assert.equal(
    label({ kind: "mlp", ...{ hidden: [64, 64], activation: "silu" } }),
    "mlp(hidden 64×64, activation silu)",
  );
  assert.equal(label({ kind: "constant", ...{ value: 0.001 } }), "constant(0.001)");
});

Deno.test("label() of a table names its file without the folder, lists names, and quotes signs", () => {
  const table = {
    kind: "csv",
    path: "file:///home/somebody/a/long/way/cells.csv",
    columns: ["depth", "width"],
    delimiter: ",",
    header: true,
    select: [],
    split: null,
  };
  assert.equal(
    label(table),
    'csv(path cells.csv, columns [depth, width], delimiter ",", header yes)',
  );
  const licence = "a licence of many words that nobody reads in a picture";
  assert.equal(
    label({ kind: "npy", ...{ licence } }),
    "npy(a licence of many words that nobody rea…)",
  );
});
