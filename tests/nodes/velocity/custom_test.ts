import assert from "node:assert/strict";
import {
  constant,
  evaluate,
  type Expression,
  input,
  matmul,
  plus,
  sin,
  times,
  toJSON,
  trace,
  zerosLike,
} from "../../../graph/mod.ts";
import { custom } from "../../../nodes/velocity/mod.ts";

Deno.test("custom() velocity is the traced function at other sizes, and at a shared time", () => {
  const field = (t: Expression, x: Expression) => plus(times(sin(t), x), plus(zerosLike(x), t));
  const graph = toJSON([
    trace(field, [{ name: "t", shape: ["n", 1] }, { name: "x", shape: ["n", 3] }]),
  ]);
  const velocity = custom({ field: graph });
  const x = input("y", ["rows", 3]);
  const [{ data, shape }] = evaluate([velocity.apply([], input("t", [1, 1]), x)], {
    t: { data: [0.5], shape: [1, 1] },
    y: { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] },
  });
  assert.deepEqual(shape, [2, 3]);
  data.forEach((v, i) => assert.ok(Math.abs(v - (Math.sin(0.5) * (i + 1) + 0.5)) < 1e-15));
});

Deno.test("custom() velocity counts its operations", () => {
  const w = constant([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]);
  const field = (t: Expression, x: Expression) => times(t, matmul(x, w));
  const graph = toJSON([
    trace(field, [{ name: "t", shape: ["n", 1] }, { name: "x", shape: ["n", 3] }]),
  ]);
  assert.equal(custom({ field: graph }).flops(10), 10 * (2 * 9 + 3));
});
