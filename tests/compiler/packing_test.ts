import assert from "node:assert/strict";
import { packingOf } from "../../compiler/programs/packing.ts";
import { evaluate, input } from "../../graph/mod.ts";

const PARAMETERS = [
  { name: "w0", shape: [3, 4] },
  { name: "w1", shape: [128, 128] },
  { name: "b1", shape: [5] },
].map((p) => ({ ...p, init: { kind: "zeros" } as const }));

const VALUES = new Map(PARAMETERS.map(({ name, shape }, k) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return [name, { data: Float32Array.from({ length: size }, (_, i) => i + k / 4), shape }];
}));

Deno.test("packing lays small tensors end to end and leaves large ones alone", () => {
  const { tensors } = packingOf(PARAMETERS);
  assert.deepEqual(tensors, [{ name: "w1", shape: [128, 128] }, { name: "small", shape: [17] }]);
});

Deno.test("packing and unpacking values are inverse", () => {
  const { packValues, unpackValues } = packingOf(PARAMETERS);
  assert.deepEqual(unpackValues(packValues(VALUES)), VALUES);
});

Deno.test("packing and unpacking expressions agree with that of values", () => {
  const { tensors, pack, unpack, packValues } = packingOf(PARAMETERS);
  const parameters = PARAMETERS.map(({ name, shape }) => input(name, shape));
  const packed = packValues(VALUES);
  const found = evaluate(pack(parameters), Object.fromEntries(VALUES));
  tensors.forEach(({ name }, i) =>
    assert.deepEqual([...found[i].data], [...packed.get(name)!.data])
  );
  const back = evaluate(
    unpack(tensors.map(({ name, shape }) => input(name, shape))),
    Object.fromEntries(packed),
  );
  PARAMETERS.forEach(({ name, shape }, i) => {
    assert.deepEqual(back[i].shape, shape);
    assert.deepEqual([...back[i].data], [...VALUES.get(name)!.data]);
  });
});

Deno.test("a velocity of small tensors alone, or of large ones alone, packs too", () => {
  assert.deepEqual(packingOf([PARAMETERS[2]]).tensors, [{ name: "small", shape: [5] }]);
  assert.deepEqual(packingOf([PARAMETERS[1]]).tensors, [{ name: "w1", shape: [128, 128] }]);
});
