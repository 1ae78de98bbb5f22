import assert from "node:assert/strict";
import {
  argMax,
  cast,
  concat,
  constant,
  cumulativeSum,
  evaluate,
  fromJSON,
  gather,
  gradient,
  input,
  iota,
  less,
  logSumExp,
  loop,
  matmul,
  mean,
  minus,
  onesLike,
  plus,
  reduceMax,
  reshape,
  reverse,
  sin,
  size,
  sliceAxis,
  sum,
  times,
  toJSON,
  trace,
  transpose,
  zerosLike,
} from "../../graph/mod.ts";
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

type X = Parameters<Parameters<typeof velocity.custom>[0]>[1];
const places = (x: X) => cast(iota(x.shape[0]), "f32");

/** A function whose rows know of each other, and the op by which they do. */
const mixing: readonly (readonly [string, Parameters<typeof velocity.custom>[0], string])[] = [
  ["a mean over samples", (_t, x) => minus(x, mean(x, { axes: [0], keep: true })), "sum"],
  ["the greatest sample", (_t, x) => minus(x, reduceMax(x, { axes: [0] })), "reduceMax"],
  ["sums up to a sample", (_t, x) => cumulativeSum(x, 0), "cumulativeSum"],
  ["samples in another order", (_t, x) => reverse(x, [0]), "reverse"],
  [
    "the first sample for all",
    (_t, x) => plus(x, gather(x, constant(Int32Array.of(0)), { axis: 0 })),
    "gather",
  ],
  ["samples chosen by place", (_t, x) => gather(x, iota("n"), { axis: 0 }), "iota"],
  ["samples chosen by value", (_t, x) => gather(x, argMax(x, 1), { axis: 0 }), "gather"],
  ["attention between samples", (_t, x) => matmul(matmul(x, x, { transposeB: true }), x), "matmul"],
  ["a covariance", (_t, x) => matmul(x, matmul(x, x, { transposeA: true })), "matmul"],
  ["elements in another order", (_t, x) => reshape(transpose(x), ["n", 2]), "reshape"],
  ["the place of a sample", (_t, x) => plus(x, reshape(places(x), ["n", 1])), "iota"],
  ["the number of samples", (_t, x) => times(x, cast(size("n"), "f32")), "size"],
  [
    "differences of all pairs",
    (_t, x) => sum(minus(reshape(x, ["n", 1, 2]), reshape(x, [1, "n", 2])), { axes: [1] }),
    "sub",
  ],
  [
    "a loop that mixes",
    (_t, x) =>
      loop({ state: [x], count: 2, body: (_i, y) => [minus(y, sum(y, { axes: [0] }))] }).state[0],
    "sum",
  ],
  [
    "a loop until all are done",
    (_t, x) =>
      loop({ state: [x], while: (y) => less(reduceMax(y), 5), body: (_i, y) => [times(2, y)] })
        .state[0],
    "reduceMax",
  ],
];

for (const [fact, field, op] of mixing) {
  Deno.test(`velocity.custom() and parse() refuse ${fact}`, () => {
    const rule = `must give each sample's velocity from that sample alone: "${op}" mixes rows`;
    assert.throws(() => velocity.custom(field), {
      name: "InputError",
      message: `velocity.custom: field ${rule}`,
    });
    const graph = toJSON([
      trace(field, [{ name: "t", shape: ["n", 1] }, { name: "x", shape: ["n", 2] }]),
    ]);
    assert.throws(
      () =>
        parse({ target: { kind: "twoMoons" }, velocity: { kind: "custom", dim: 2, field: graph } }),
      { name: "InputError", message: `velocity.field ${rule}` },
    );
  });
}

Deno.test("velocity.custom() takes what keeps rows apart, however it is written", () => {
  const w = constant([1, 2, 3, 4], [2, 2]);
  const unit = constant([0, 1], [2]);
  const fields: Parameters<typeof velocity.custom>[0][] = [
    (_t, x) => minus(x, mean(x, { axes: [1], keep: true })),
    (_t, x) => cumulativeSum(reverse(x, [1]), 1),
    (_t, x) => transpose(matmul(w, transpose(x))),
    (_t, x) => reshape(matmul(reshape(x, ["n", 1, 2]), w), ["n", 2]),
    (_t, x) => sum(times(reshape(x, [1, "n", 2]), constant([1, 2, 3], [3, 1, 1])), { axes: [0] }),
    (_t, x) => plus(x, gather(w, argMax(x, 1), { axis: 0 })),
    (t, x) => plus(times(t, zerosLike(x)), unit),
    (t, x) => concat([t, sliceAxis(x, { axis: 1, start: 0, end: 1 })], 1),
    (_t, x) => logSumExp(reshape(minus(reshape(x, ["n", 1, 2]), w), ["n", 2, 2]), { axes: [1] }),
    (_t, x) => loop({ state: [x], count: 3, body: (_i, y) => [sin(matmul(y, w))] }).state[0],
    (_t, x) =>
      gradient(sum(sin(matmul(x, w)), { axes: [1] }), [x], onesLike(sum(x, { axes: [1] })))[0],
  ];
  for (const field of fields) {
    const { field: json } = velocity.custom(field);
    const at = (rows: number[][]): number[] => {
      const t = { data: rows.map(() => 0.3), shape: [rows.length, 1] };
      const x = { data: rows.flat(), shape: [rows.length, 2] };
      return [...evaluate(fromJSON(json), { t, x })[0].data];
    };
    assert.deepEqual(at([[1, 2], [-3, 0.5]]), [...at([[1, 2]]), ...at([[-3, 0.5]])]);
  }
});

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
