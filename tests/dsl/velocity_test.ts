import assert from "node:assert/strict";
import { constant, evaluate, fromJSON, input, matmul, plus, sum, times } from "../../graph/mod.ts";
import { parse, velocity } from "../../dsl/mod.ts";

Deno.test("velocity.custom() holds what its function computes", () => {
  const spec = velocity.custom((t, x) => plus(times(t, x), 1));
  const [{ data, shape }] = evaluate(fromJSON(spec.field), {
    t: { data: [0, 2], shape: [2, 1] },
    x: { data: [1, 2, 3, 4], shape: [2, 2] },
  });
  assert.deepEqual([[...data], shape], [[1, 1, 7, 9], [2, 2]]);
});

/** A fact, a function of t and x, and the message without its prefix. */
const refused: readonly (readonly [string, Parameters<typeof velocity.custom>[0], RegExp])[] = [
  ["a plain number", () => 3, /^field must return \[n, 2\] numbers: found f32 \[\]$/],
  ["one number per row", (_t, x) => sum(x, { axes: [1] }), /found f32 \[n\]$/],
  ["one row for all", () => constant([1, 0], [1, 2]), /found f32 \[1, 2\]$/],
  ["truth values", (_t, x) => x === x ? input("y", ["n", 2], "bool") : x, /found bool \[n, 2\]$/],
  [
    "a function of something else",
    (_t, x) => plus(x, input("y", ["n", 2])),
    /^field must depend on t \[n, 1\] and x \[n, 2\] alone: found y \[n, 2\]$/,
  ],
  [
    "shapes that do not fit inside",
    (_t, x) => matmul(x, constant([1, 2, 3], [3, 1])),
    /^field cannot be traced: .*matmul/,
  ],
];

for (const [fact, field, message] of refused) {
  Deno.test(`velocity.custom() refuses ${fact}`, () => {
    assert.throws(() => velocity.custom(field), (error: Error) => {
      assert.equal(error.name, "InputError");
      assert.match(error.message.replace("velocity.custom: ", ""), message);
      return true;
    });
  });
}

Deno.test("velocity.custom() refuses a dimension that is no whole number", () => {
  assert.throws(() => velocity.custom((_t, x) => x, { dim: 1.5 }), {
    message: "velocity.custom: dim must be a whole number of at least 1: found 1.5",
  });
});

Deno.test("parse() refuses a field that is no graph", () => {
  const target = { kind: "twoMoons" };
  const field = { nodes: [{ op: "negtae", inputs: [0] }], outputs: [0] };
  assert.throws(() => parse({ target, velocity: { kind: "custom", dim: 2, field } }), {
    name: "InputError",
    message: /^velocity\.field must be a traced function: .*negtae.*negate/,
  });
  assert.throws(() => parse({ target, velocity: { kind: "custom", dim: 2, field: "x" } }), {
    message: 'velocity.field must be an object with the fields "nodes", "outputs": found "x"',
  });
});

Deno.test("equal graphs written in another order have one form", () => {
  const { field } = velocity.custom((t, x) => plus(times(t, x), x));
  const reversed = [...field.nodes].slice(0, 2).reverse();
  const swap = (i: number) => i < 2 ? 1 - i : i;
  const nodes = [...reversed, ...field.nodes.slice(2)].map((node) => ({
    ...node,
    ...(node.inputs ? { inputs: node.inputs.map(swap) } : {}),
  }));
  const spec = parse({
    target: { kind: "twoMoons" },
    velocity: { kind: "custom", dim: 2, field: { nodes, outputs: field.outputs } },
  });
  assert.deepEqual((spec.velocity as { field: unknown }).field, field);
});
