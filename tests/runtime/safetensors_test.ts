import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { decodeSafetensors, encodeSafetensors } from "../../runtime/safetensors.ts";

Deno.test("encodeSafetensors() and decodeSafetensors() are inverse to the bit", () => {
  const tensor = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 4 })).chain(
    ([rows, columns]) =>
      fc.float32Array({ minLength: rows * columns, maxLength: rows * columns })
        .map((data) => ({ data, shape: [rows, columns] })),
  );
  const name = fc.string({ minLength: 1 }).filter((n) => n !== "__metadata__" && n !== "__proto__");
  fc.assert(fc.property(fc.dictionary(name, tensor), (tensors) => {
    const bytes = encodeSafetensors(new Map(Object.entries(tensors)), { seed: "7" });
    const back = decodeSafetensors(bytes, "x.safetensors");
    assert.deepEqual(new Map(back.tensors), new Map(Object.entries(tensors)));
    assert.deepEqual(back.metadata, { seed: "7" });
  }));
});

Deno.test("encodeSafetensors() lays the file out as the format says", () => {
  const bytes = encodeSafetensors(new Map([["w", { data: Float32Array.of(1, 2), shape: [2] }]]));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal(length % 8, 0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  assert.deepEqual(header.w, { dtype: "F32", shape: [2], data_offsets: [0, 8] });
  assert.equal(bytes.length, 8 + length + 8);
});

Deno.test("decodeSafetensors() says what is wrong with a file", () => {
  const good = encodeSafetensors(new Map([["w", { data: Float32Array.of(1, 2), shape: [2] }]]));
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(3), /'f' as safetensors: it has 3 bytes/],
    [good.slice(0, 20), /its header ends at byte \d+ of 20/],
    [good.slice(0, good.length - 4), /tensor 'w' of shape \[2\] does not fit/],
    [new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7b]), /its header is not JSON/],
  ];
  for (const [bytes, message] of cases) {
    assert.throws(() => decodeSafetensors(bytes, "f"), { name: "InputError", message });
  }
});
