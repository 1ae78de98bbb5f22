import assert from "node:assert/strict";
import {
  cast,
  constant,
  input,
  iota,
  less,
  loop,
  plus,
  print,
  random,
  size,
  sum,
  times,
} from "../../graph/mod.ts";

const x = input("x", [3]);

Deno.test("print() writes a line per expression, with inputs and numbers in place", () => {
  assert.equal(print(times(x, x)), "%0: f32[3] = mul x x\nreturn %0");
  assert.equal(print([x, constant(-0)]), "return x, -0");
  assert.equal(
    print(sum(plus(times(x, 2), times(2, x)), { axes: 0, keep: true })),
    [
      "%0: f32[3] = mul x 2",
      "%1: f32[3] = mul 2 x",
      "%2: f32[3] = add %0 %1",
      "%3: f32[1] = sum %2 axes=[0] keep=true",
      "return %3",
    ].join("\n"),
  );
});

Deno.test("print() writes data, the beginning of much data, integers and names", () => {
  const many = constant(Array.from({ length: 20 }, (_, i) => i));
  assert.equal(
    print([
      constant([[1, -0.5], [NaN, -0]].flat(), [2, 2]),
      many,
      plus(iota("n"), size("n")),
      random({ distribution: "normal", seed: 7, stream: "noise", shape: ["n", 2] }, 3),
    ]),
    [
      "%0: f32[2, 2] = constant {1, -0.5, NaN, -0}",
      "%1: f32[20] = constant {0, 1, 2, 3, 4, 5, 6, 7, ... 20 values}",
      "%2: i32[n] = iota length=n",
      "%3: i32[] = size dim=n",
      "%4: i32[n] = add %2 %3",
      "%5: f32[n, 2] = random 3:i32 distribution=normal seed=7 stream=noise",
      "return %0, %1, %4, %5",
    ].join("\n"),
  );
});

Deno.test("print() writes the body of a loop inside of it, and of loops inside", () => {
  const { state: [y], collected: [all] } = loop({
    state: [x],
    count: 4,
    while: (s) => less(sum(s), 9),
    body: (i, s) => {
      const { state: [t] } = loop({ state: [s], count: i, body: (_, t) => [times(t, x)] });
      return { state: [plus(t, cast(i, "f32"))], collect: [sum(s)] };
    },
  });
  const text = print([y, all]).replace(/iterations:[0-9a-f]{16}/g, "iterations:N");
  assert.equal(
    text,
    [
      "%0 = loop 4:i32 x x counted=true (i: i32[], s0: f32[3], c0: f32[3]) {",
      "  %0 = loop i s0 c0 counted=true (i: i32[], s0: f32[3], c0: f32[3]) {",
      "    %0: f32[3] = mul s0 c0",
      "    next %0",
      "  }",
      "  %1: f32[3] = item %0 index=0",
      "  %2: f32[] = cast i",
      "  %3: f32[3] = add %1 %2",
      "  %4: f32[] = sum s0 axes=[0]",
      "  %5: bool[] = less %4 9",
      "  while %5",
      "  next %3",
      "  collect %4",
      "} length=iterations:N",
      "%1: f32[3] = item %0 index=0",
      "%2: f32[iterations:N] = item %0 index=1",
      "return %1, %2",
    ].join("\n"),
  );
});
