import assert from "node:assert/strict";
import { isSameInFloat32 } from "../../../runtime/data/affine.ts";
import { stream } from "../../../runtime/random/mod.ts";

const draws = [
  stream(0, "a").normal(20_000, 0),
  stream(0, "b").uniform(20_000, 0),
];

/** How many of many draws have other bits in float32, rounded after the product and after the sum. */
function others(shift: number, scale: number): number {
  return draws.flatMap((numbers) => [...numbers]).filter((draw) =>
    Math.fround(shift + Math.fround(scale * draw)) !== Math.fround(shift + scale * draw)
  ).length;
}

const SAME = [[0, 1], [0, 3], [0, Math.fround(0.1)], [0.5, 2], [-7, 0.25], [Math.fround(0.1), -4]];
const OTHER = [[0.5, 3], [0.1, 1], [1, Math.fround(0.1)], [-1, Math.fround(1 / 3)]];

Deno.test("isSameInFloat32() is true where every draw has the same bits", () => {
  for (const [shift, scale] of SAME) {
    assert.ok(isSameInFloat32({ shift: [shift], scale: [scale] }), `${shift} + ${scale} x`);
    assert.equal(others(shift, scale), 0, `${shift} + ${scale} x`);
  }
});

Deno.test("isSameInFloat32() is false where some draws have others", () => {
  for (const [shift, scale] of OTHER) {
    assert.ok(!isSameInFloat32({ shift: [shift], scale: [scale] }), `${shift} + ${scale} x`);
  }
  assert.ok(others(0.5, 3) > 0 && others(1, Math.fround(0.1)) > 0);
  assert.ok(!isSameInFloat32({ shift: [0], scale: [0.1] }), "0.1 is no float32 number");
  assert.ok(!isSameInFloat32({ shift: [0, 0], scale: [1, 2 ** -70] }), "it may be subnormal");
  assert.ok(!isSameInFloat32({ shift: [0, 1], scale: [1, 3] }), "one coordinate is enough");
});
