import assert from "node:assert/strict";
import {
  concat,
  exp,
  type Expression,
  input,
  inputsOf,
  less,
  loop,
  matmul,
  plus,
  type Program,
  random,
  reshape,
  sigmoid,
  silu,
  sum,
  times,
} from "../../../graph/mod.ts";
import { decodeModel, lower, type LowerOptions } from "../../../runtime/onnx/mod.ts";

function program(ys: readonly Expression[]): Program {
  const outputs = Object.fromEntries(ys.map((y, i) => [`y${i}`, y]));
  return { name: "test", inputs: inputsOf(ys), state: [], outputs };
}

type Graph = NonNullable<ReturnType<typeof decodeModel>["graph"]>;

/** One line per node: outputs = Domain.Operator(inputs); bodies are indented. Constants show as #. */
function text(graph: Graph, constants: ReadonlySet<string>, indent = ""): string[] {
  return graph.node!.flatMap((node) => {
    const inputs = node.input!.map((name) => constants.has(name) ? "#" : name);
    const line = `${indent}${node.output} = ${node.domain ? `${node.domain}.` : ""}${node.opType}(${
      inputs.join(", ")
    })`;
    const bodies = node.attribute!.flatMap((a) => a.g ? text(a.g, constants, `${indent}  `) : []);
    return [line, ...bodies];
  });
}

function nodes(ys: readonly Expression[], options: LowerOptions = {}): string[] {
  const { graph } = decodeModel(lower(program(ys), options));
  return text(graph!, new Set(graph!.initializer!.map((tensor) => tensor.name!)));
}

const x = input("x", ["n", 3]);
const w = input("w", [3, 4]);
const b = input("b", [4]);

Deno.test("lower() makes one Gemm of a product, its factor and what is added", () => {
  assert.deepEqual(nodes([plus(times(0.5, matmul(x, w)), b)]), [
    "%0 = Gemm(x, w, b)",
    "y0 = Identity(%0)",
  ]);
});

Deno.test("lower() keeps a product that somebody else uses", () => {
  const product = matmul(x, w);
  assert.deepEqual(nodes([plus(product, b), product]), [
    "%0 = MatMul(x, w)",
    "%1 = Add(%0, b)",
    "y0 = Identity(%1)",
    "y1 = Identity(%0)",
  ]);
});

Deno.test("lower() computes what does not change in a loop before it", () => {
  const scale = exp(w);
  const { state } = loop({
    state: [x],
    count: 3,
    body: (_i, y) => [plus(y, sum(times(scale, sum(y))))],
  });
  const lines = nodes(state);
  assert.deepEqual(lines.filter((line) => line.includes("Exp(")), ["%1 = Exp(w)"]);
});

Deno.test("lower() does not draw a product into a loop to add to it there", () => {
  const product = matmul(x, w);
  const { state } = loop({ state: [product], count: 3, body: (_i, y) => [plus(product, y)] });
  assert.ok(nodes(state).every((line) => !line.includes("Gemm")));
});

Deno.test("lower() stretches nothing that an operator stretches itself", () => {
  const ones = plus(times(0, x), input("row", [3]));
  assert.ok(nodes([times(ones, input("s", []))]).every((line) => !line.includes("Expand")));
});

Deno.test("lower() collects only what somebody uses", () => {
  const result = loop({
    state: [x],
    count: 2,
    body: (_i, y) => ({ state: [times(y, 2)], collect: [sum(y), y] }),
  });
  const bare = nodes([result.state[0]]).join("\n");
  assert.ok(!bare.includes("ReduceSum"), bare);
  assert.ok(nodes([result.collected[0]]).join("\n").includes("ReduceSum"));
});

Deno.test("lower() writes standard operators alone into a file that leaves", () => {
  const ys = [silu(x), plus(sigmoid(x), 1)];
  assert.ok(nodes(ys.slice(0, 1)).some((line) => line.includes("com.microsoft.QuickGelu")));
  const model = decodeModel(lower(program(ys), { deploy: { metadata: { note: "hi" } } }));
  assert.deepEqual(model.opsetImport!.map((o) => [o.domain, Number(o.version)]), [["", 18]]);
  assert.ok(Number(model.irVersion) <= 9);
  assert.deepEqual(model.metadataProps!.map((p) => [p.key, p.value]), [["note", "hi"]]);
});

Deno.test("lower() writes fixed inputs as constants", () => {
  const { graph } = decodeModel(
    lower(program([matmul(x, w)]), { fixed: { w: { data: new Float32Array(12), shape: [3, 4] } } }),
  );
  assert.deepEqual(graph!.input!.map((value) => value.name), ["x"]);
  assert.deepEqual(graph!.initializer!.map((tensor) => tensor.name), ["w"]);
});

Deno.test("lower() reads symbolic sizes from the inputs that carry them, once", () => {
  const y = reshape(concat([x, x], 1), ["n", 2, 3]);
  const lines = nodes([y, reshape(x, ["n", 1, 3])]);
  assert.equal(lines.filter((line) => line.includes("Shape(x)")).length, 1);
  assert.throws(
    () =>
      lower(program([random({ distribution: "normal", seed: 0, stream: "s", shape: ["m"] }, 0)])),
    {
      name: "RangeError",
      message: /size m as nothing here carries that size/,
    },
  );
});

Deno.test("lower() takes graphs deeper than the call stack", () => {
  let y: Expression = x;
  for (let i = 0; i < 20_000; i++) y = i % 2 === 0 ? exp(y) : times(y, 0.5);
  assert.ok(nodes([y]).length > 20_000);
});

Deno.test("lower() gives a while loop its condition before and after each iteration", () => {
  const { state } = loop({
    state: [sum(x)],
    while: (s) => less(s, 9),
    body: (_i, s) => [times(s, 2)],
  });
  const lines = nodes(state);
  assert.equal(lines.filter((line) => line.includes("Less")).length, 2, lines.join("\n"));
});

Deno.test("lower() rejects an output with the name of an input", () => {
  const y = { name: "test", inputs: [x], state: [], outputs: { x: exp(x) } };
  assert.throws(() => lower(y), { name: "RangeError", message: /x is an input and an output/ });
});
