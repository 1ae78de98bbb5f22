import assert from "node:assert/strict";
import { type Expression, type Op, OPS, times } from "../../graph/mod.ts";

Deno.test("an op record with the wrong number of cotangents does not compile", () => {
  const wrong: Op<"mul"> = {
    ...OPS.mul,
    // @ts-expect-error a binary op returns one cotangent per input
    vjp: (g, { inputs: [, b] }) => [times(g, b)],
  };
  assert.equal(wrong.name, "mul");
});

Deno.test("an op record reads only the attributes it has", () => {
  const wrong: Op<"sum"> = {
    ...OPS.sum,
    // @ts-expect-error sum has axes, not an axis
    jvp: ([dx], { attributes: { axis } }) => axis && dx,
  };
  assert.equal(wrong.name, "sum");
});

Deno.test("op tells the attributes of an expression", () => {
  const axesOf = (y: Expression) => y.op === "sum" ? y.attributes.axes : null;
  // @ts-expect-error not every op has axes
  const unsafe = (y: Expression) => y.attributes.axes;
  assert.equal(axesOf(times(1, 2)), null);
  assert.equal(unsafe(times(1, 2)), undefined);
});
