import assert from "node:assert/strict";
import { data, parse, pipeline } from "../../../dsl/mod.ts";

Deno.test("data.array() holds rows as little-endian float32", () => {
  const spec = data.array([[1, -2], [0.5, 3]], { split: { train: 0.5, test: 0.5 } });
  assert.deepEqual(spec.shape, [2, 2]);
  assert.equal(spec.dim, 2);
  const view = new DataView(Uint8Array.fromBase64(spec.data).buffer);
  assert.deepEqual([0, 4, 8, 12].map((at) => view.getFloat32(at, true)), [1, -2, 0.5, 3]);
});

Deno.test("data.array() takes a tensor and flattens its rows", () => {
  const images = data.array({ data: new Float32Array(12), shape: [3, 2, 2] });
  assert.equal(images.dim, 4);
  assert.deepEqual(pipeline({ target: images }).target, images);
});

Deno.test("data.array() refuses ragged rows", () => {
  assert.throws(() => data.array([[1, 2], [3]]), {
    name: "InputError",
    message: "data.array: rows must be equally long: row 0 has 2 and row 1 has 1 numbers",
  });
});

Deno.test("data.array() refuses values that do not fill the shape or are not finite", () => {
  assert.throws(() => data.array({ data: [1, 2, 3], shape: [2, 2] }), {
    message: "data.array: data must hold 4 values for the shape [2,2]: found 3",
  });
  assert.throws(() => data.array([[1, 2], [3, NaN]]), {
    message: "data.array: data must hold finite numbers: value 3 is NaN",
  });
  assert.throws(() => data.array([[1e39]]), {
    message: "data.array: data must hold finite numbers: value 0 is Infinity",
  });
  assert.throws(() => data.array([[]]), {
    message: "data.array: shape[1] must be a whole number of at least 1: found 0",
  });
});

Deno.test("parse() refuses an array whose data are no base64", () => {
  const target = { kind: "array", shape: [1, 1], data: "AAAA*" };
  assert.throws(() => parse({ target }), {
    message: "target.data must be float32 values in base64",
  });
});
