import assert from "node:assert/strict";
import { openData } from "../../../../runtime/data/mod.ts";
import { array } from "../fixtures.ts";

Deno.test("openData() reads the rows that a spec holds itself", async () => {
  const data = await openData(array([[1, 2], [3, 4.5]]));
  assert.deepEqual([data.dim, [...data.parts.train.table!.data]], [2, [1, 2, 3, 4.5]]);
});

Deno.test("openData() rejects data of another size than the shape, or that is not base64", async () => {
  await assert.rejects(openData(array([[1, 2]], { shape: [2, 2] })), {
    name: "InputError",
    field: "data",
    message: "Cannot read the array's data: [2,2] float32 values take 16 bytes, and 8 are there",
  });
  await assert.rejects(openData(array([[1, 2]], { data: "~" })), {
    name: "InputError",
    message: /it is not base64/,
  });
});
