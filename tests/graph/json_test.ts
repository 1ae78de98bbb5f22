import assert from "node:assert/strict";
import {
  bindSizes,
  constant,
  cos,
  fromJSON,
  gradient,
  input,
  less,
  loop,
  matmul,
  plus,
  sin,
  sum,
  times,
  toJSON,
} from "../../graph/mod.ts";

const t = input("t", []);

Deno.test("toJSON() writes ops, places of inputs and attributes", () => {
  assert.deepEqual(toJSON([times(cos(t), 2), t]), {
    nodes: [
      { op: "input", name: "t", shape: [], dtype: "f32" },
      { op: "cos", inputs: [0] },
      { op: "constant", data: [2], shape: [], dtype: "f32" },
      { op: "mul", inputs: [1, 2] },
    ],
    outputs: [3, 0],
  });
});

Deno.test("toJSON() is the same for the same graph, in whatever order it was built", () => {
  const p = sin(input("p", [2]));
  const q = cos(input("q", [2]));
  const first = JSON.stringify(toJSON([plus(p, q)]));
  const r = cos(input("r", [2]));
  const s = sin(input("s", [2]));
  const second = JSON.stringify(toJSON([plus(s, r)]));
  assert.equal(second, first.replace('"p"', '"s"').replace('"q"', '"r"'));
});

Deno.test("fromJSON() gives back numbers that JSON has no words for", () => {
  const y = constant([NaN, Infinity, -Infinity, -0, 0]);
  assert.equal(fromJSON(JSON.parse(JSON.stringify(toJSON([y]))))[0], y);
});

Deno.test("fromJSON() gives back loops in loops, and derivatives of loops of unknown length", () => {
  const w = input("w", ["n", "n"]);
  const { state: [y], collected: [all] } = loop({
    state: [w],
    while: (s) => less(sum(s), 1e3),
    body: (i, s) => {
      const inner = loop({ state: [s], count: i, body: (_, r) => [matmul(r, w)] });
      return { state: [plus(inner.state[0], s)], collect: [sum(s)] };
    },
  });
  const ys = [y, all, ...gradient(plus(sum(y), sum(all)), [w])];
  const back = fromJSON(JSON.parse(JSON.stringify(toJSON(ys))));
  back.forEach((expression, i) => assert.equal(expression, ys[i]));
  const bound = bindSizes(ys, { n: 2 });
  fromJSON(toJSON(bound)).forEach((expression, i) => assert.equal(expression, bound[i]));
});

const good = { op: "input", name: "t", shape: [], dtype: "f32" };
const FAILURES: readonly (readonly [string, unknown, string, RegExp])[] = [
  ["no object", 3, "TypeError", /Cannot read graph as it must be an object: found 3/],
  ["no nodes", { outputs: [] }, "TypeError", /graph.nodes as it must be a list/],
  [
    "an output that is not there",
    { nodes: [good], outputs: [1] },
    "RangeError",
    /outputs\[0\] .* found 1 among 1/,
  ],
  [
    "a misspelt op",
    { nodes: [{ op: "sinn" }], outputs: [] },
    "RangeError",
    /found "sinn"; nearest is sin/,
  ],
  ["no op", { nodes: [{}], outputs: [] }, "RangeError", /its op is unknown/],
  [
    "an op of the language's own objects",
    { nodes: [{ op: "toString" }], outputs: [] },
    "RangeError",
    /unknown/,
  ],
  [
    "a wrong number of inputs",
    { nodes: [good, { op: "sin", inputs: [0, 0] }], outputs: [] },
    "RangeError",
    /nodes\[1\] as sin takes 1 inputs: found 2/,
  ],
  [
    "an input from further on",
    { nodes: [{ op: "sin", inputs: [0] }], outputs: [] },
    "RangeError",
    /nodes\[0\].inputs\[0\] as it must be the place of an earlier node: found 0 among 0/,
  ],
  [
    "an attribute that the op has not",
    { nodes: [{ ...good, axis: 1 }], outputs: [] },
    "TypeError",
    /input has no attribute axis: it has name, shape, dtype/,
  ],
  [
    "a missing attribute",
    { nodes: [{ op: "input", shape: [], dtype: "f32" }], outputs: [] },
    "TypeError",
    /nodes\[0\].name as it must be a name: found undefined/,
  ],
  [
    "a wrong dtype",
    { nodes: [{ ...good, dtype: "f16" }], outputs: [] },
    "TypeError",
    /"f32", "i32", "bool": found "f16"/,
  ],
  ["a wrong size", { nodes: [{ ...good, shape: [-1] }], outputs: [] }, "ShapeError", /found -1/],
  [
    "data that is no number",
    { nodes: [{ op: "constant", data: ["x"], shape: [1], dtype: "f32" }], outputs: [] },
    "TypeError",
    /nodes\[0\].data .* found "x"/,
  ],
  [
    "shapes that do not fit",
    {
      nodes: [{ ...good, shape: [2] }, { ...good, shape: [3] }, { op: "add", inputs: [0, 1] }],
      outputs: [],
    },
    "ShapeError",
    /Cannot add \[2\] and \[3\]/,
  ],
  [
    "a loop without a body",
    { nodes: [{ op: "loop", inputs: [], counted: false }], outputs: [] },
    "TypeError",
    /nodes\[0\].body as it must be an object/,
  ],
];

for (const [title, json, name, message] of FAILURES) {
  Deno.test(`fromJSON() rejects ${title} in words`, () => {
    assert.throws(() => fromJSON(json), { name, message });
  });
}

Deno.test("fromJSON() rejects constants of the wrong length and bodies that do not close", () => {
  const constants = {
    nodes: [{ op: "constant", data: [1, 2], shape: [3], dtype: "f32" }],
    outputs: [0],
  };
  assert.throws(() => fromJSON(constants), {
    name: "ShapeError",
    message: /shape \[3\] from 2 values/,
  });
  const [y] = loop({ state: [t], count: 2, body: (_, s) => [sin(s)] }).state;
  const data = JSON.parse(JSON.stringify(toJSON([y])));
  const node = data.nodes.find(({ op }: { op: string }) => op === "loop");
  node.body.state = 2;
  assert.throws(() => fromJSON(data), { message: /Cannot read nodes/ });
  const stray = {
    nodes: [{ op: "variable", name: "s0", key: 0, shape: [], dtype: "f32" }],
    outputs: [0],
  };
  assert.throws(() => fromJSON(stray), {
    name: "RangeError",
    message: /variable s0 does not belong there/,
  });
});
