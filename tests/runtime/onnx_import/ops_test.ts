/** Every operator that is read means what ONNX Runtime takes it to mean. */
import assert from "node:assert/strict";
import { evaluate, fromJSON } from "../../../graph/mod.ts";
import type { GraphProto, NodeProto, TensorProto } from "../../../runtime/onnx/proto.ts";
import { SUPPORTED } from "../../../runtime/onnx_import/mod.ts";
import {
  encode,
  graphOf,
  node,
  read,
  reals,
  runInOnnxRuntime,
  tensorProto,
  wholes,
} from "./models.ts";

/** A graph from "x" to "v", both [batch, 2]; "t" is another input, [batch, 1]. */
interface Case {
  readonly nodes: readonly NodeProto[];
  readonly constants?: readonly TensorProto[];
  readonly opset?: number;
}

const FLOAT = 1, BOOL = 9;
const one = (op: string, attributes: Parameters<typeof node>[3] = {}): Case => ({
  nodes: [node(op, ["x"], ["v"], attributes)],
});
const two = (op: string): Case => ({ nodes: [node(op, ["x", "t"], ["v"])] });
/** Of positive numbers. */
const ofPositive = (op: string): Case => ({
  nodes: [node("Exp", ["x"], ["p"]), node(op, ["p"], ["v"])],
});
/** A comparison, as numbers. */
const asked = (op: string): Case => ({
  nodes: [node(op, ["x", "t"], ["b"]), node("Cast", ["b"], ["v"], { to: FLOAT })],
});
/** A connective of two comparisons, as numbers. */
const connected = (op: string, inputs = ["a", "b"]): Case => ({
  nodes: [
    node("Less", ["x", "t"], ["a"]),
    node("Less", ["zero", "x"], ["b"]),
    node(op, inputs, ["c"]),
    node("Cast", ["c"], ["v"], { to: FLOAT }),
  ],
  constants: [reals("zero", [0], [])],
});
/** A reduction over the features, which are kept. */
const reduced = (op: string, opset = 18): Case => ({
  nodes: [
    ...opset < 18 ? [node(op, ["x"], ["r"], { axes: [1] })] : [node(op, ["x", "axes"], ["r"])],
    node("Add", ["x", "r"], ["v"]),
  ],
  constants: opset < 18 ? [] : [wholes("axes", [-1])],
  opset,
});
const [four, square] = [reals("four", [1, -2, 3, 0.5], [2, 2]), wholes("shape", [-1, 2])];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  Abs: [one("Abs")],
  Add: [two("Add")],
  And: [connected("And")],
  BatchNormalization: [{
    nodes: [node("BatchNormalization", ["x", "scale", "shift", "mean", "variance"], ["v"])],
    constants: [
      reals("scale", [2, 0.5]),
      reals("shift", [1, -1]),
      reals("mean", [0.3, 0.1]),
      reals("variance", [1.5, 0.7]),
    ],
  }],
  Cast: [{
    nodes: [
      node("Cast", ["x"], ["b"], { to: BOOL }),
      node("Cast", ["b"], ["c"], { to: FLOAT }),
      node("Cast", ["two"], ["r"], { to: FLOAT }),
      node("Mul", ["c", "r"], ["v"]),
    ],
    constants: [wholes("two", [2], [])],
  }],
  CastLike: [{
    nodes: [node("CastLike", ["two", "x"], ["r"]), node("Mul", ["x", "r"], ["v"])],
    constants: [wholes("two", [2], [])],
  }],
  Ceil: [one("Ceil")],
  Celu: [one("Celu", { alpha: { float: 0.7 } })],
  Clip: [{
    nodes: [node("Clip", ["x", "low", "high"], ["v"])],
    constants: [reals("low", [-0.5], []), reals("high", [0.8], [])],
  }, { nodes: [node("Clip", ["x", "", "high"], ["v"])], constants: [reals("high", [0.8], [])] }],
  Concat: [{
    nodes: [
      node("Concat", ["t", "x"], ["c"], { axis: -1 }),
      node("MatMul", ["c", "w"], ["v"]),
    ],
    constants: [reals("w", [1, 2, 3, 4, 5, 6], [3, 2])],
  }],
  Constant: [{
    nodes: [
      node("Constant", [], ["c"], { value_float: { float: 0.25 } }),
      node("Constant", [], ["i"], { value_ints: [1, 2] }),
      node("Cast", ["i"], ["r"], { to: FLOAT }),
      node("Mul", ["r", "c"], ["d"]),
      node("Add", ["x", "d"], ["v"]),
    ],
  }],
  ConstantOfShape: [{
    nodes: [
      node("Shape", ["x"], ["s"]),
      node("ConstantOfShape", ["s"], ["z"]),
      node("Sub", ["z", "x"], ["v"]),
    ],
  }],
  Cos: [one("Cos")],
  Div: [two("Div")],
  Dropout: [one("Dropout")],
  Elu: [one("Elu", { alpha: { float: 0.6 } })],
  Equal: [{
    nodes: [
      node("Floor", ["x"], ["f"]),
      node("Equal", ["f", "zero"], ["b"]),
      node("Cast", ["b"], ["v"], { to: FLOAT }),
    ],
    constants: [reals("zero", [0], [])],
  }],
  Erf: [one("Erf")],
  Exp: [one("Exp")],
  Expand: [{
    nodes: [node("Shape", ["x"], ["s"]), node("Expand", ["t", "s"], ["v"])],
  }],
  Flatten: [{
    nodes: [
      node("Unsqueeze", ["x", "axes"], ["u"]),
      node("Flatten", ["u"], ["v"]),
    ],
    constants: [wholes("axes", [2])],
  }],
  Floor: [one("Floor")],
  Gather: [
    {
      nodes: [node("Gather", ["x", "places"], ["v"], { axis: 1 })],
      constants: [wholes("places", [-1, 0])],
    },
    {
      nodes: [
        node("Gather", ["x", "place"], ["g"], { axis: 1 }),
        node("Unsqueeze", ["g", "axes"], ["u"]),
        node("Mul", ["x", "u"], ["v"]),
      ],
      constants: [wholes("place", [1], []), wholes("axes", [1])],
    },
  ],
  Gelu: [{ ...one("Gelu"), opset: 20 }, { ...one("Gelu", { approximate: "tanh" }), opset: 20 }],
  Gemm: [{
    nodes: [
      node("Gemm", ["x", "four", "c"], ["v"], {
        ...{ alpha: { float: 0.5 }, beta: { float: -2 }, transB: 1 },
      }),
    ],
    constants: [four, reals("c", [1, 2])],
  }],
  Greater: [asked("Greater")],
  GreaterOrEqual: [asked("GreaterOrEqual")],
  HardSigmoid: [one("HardSigmoid", { alpha: { float: 0.3 } })],
  HardSwish: [one("HardSwish")],
  Identity: [one("Identity")],
  If: [{
    nodes: [
      node("Shape", ["x"], ["s"]),
      node("Gather", ["s", "last"], ["d"]),
      node("Equal", ["d", "two"], ["b"]),
      node("If", ["b"], ["v"], {
        then_branch: {
          name: "then",
          node: [node("Mul", ["x", "t"], ["y"])],
          output: [{ name: "y" }],
        } as GraphProto,
        else_branch: {
          name: "else",
          node: [node("Neg", ["x"], ["z"])],
          output: [{ name: "z" }],
        } as GraphProto,
      }),
    ],
    constants: [wholes("last", [1], []), wholes("two", [2], [])],
  }],
  LayerNormalization: [{
    nodes: [
      node("LayerNormalization", ["x", "scale", "shift"], ["v"], { epsilon: { float: 0.01 } }),
    ],
    constants: [reals("scale", [2, 0.5]), reals("shift", [1, -1])],
  }],
  LeakyRelu: [one("LeakyRelu", { alpha: { float: 0.2 } })],
  Less: [asked("Less")],
  LessOrEqual: [asked("LessOrEqual")],
  Log: [ofPositive("Log")],
  LogSoftmax: [one("LogSoftmax")],
  MatMul: [
    { nodes: [node("MatMul", ["x", "four"], ["v"])], constants: [four] },
    {
      nodes: [
        node("MatMul", ["x", "w"], ["p"]),
        node("Unsqueeze", ["p", "axes"], ["u"]),
        node("Mul", ["x", "u"], ["v"]),
      ],
      constants: [reals("w", [3, -1]), wholes("axes", [1])],
    },
  ],
  Max: [{ nodes: [node("Max", ["x", "t", "c"], ["v"])], constants: [reals("c", [0.1, -0.1])] }],
  Mean: [{ nodes: [node("Mean", ["x", "t", "c"], ["v"])], constants: [reals("c", [1, 2])] }],
  Min: [two("Min")],
  Mish: [one("Mish")],
  Mod: [{
    nodes: [
      node("Mod", ["seven", "three"], ["m"]),
      node("Cast", ["m"], ["r"], { to: FLOAT }),
      node("Add", ["x", "r"], ["v"]),
    ],
    constants: [wholes("seven", [-7, 7]), wholes("three", [3], [])],
  }, {
    nodes: [node("Mod", ["x", "t"], ["v"], { fmod: 1 })],
  }, {
    nodes: [
      node("Mod", ["seven", "three"], ["m"], { fmod: 1 }),
      node("Cast", ["m"], ["r"], { to: FLOAT }),
      node("Add", ["x", "r"], ["v"]),
    ],
    constants: [wholes("seven", [-7, 7]), wholes("three", [3], [])],
  }],
  Mul: [two("Mul")],
  Neg: [one("Neg")],
  Not: [connected("Not", ["a"])],
  Or: [connected("Or")],
  PRelu: [{ nodes: [node("PRelu", ["x", "slope"], ["v"])], constants: [reals("slope", [0.1, 2])] }],
  Pad: [{
    nodes: [node("Pad", ["t", "pads"], ["v"])],
    constants: [wholes("pads", [0, 1, 0, 0])],
  }],
  Pow: [2, 3, 0.5, -1, 1.5].map((exponent): Case => ({
    nodes: [node("Exp", ["x"], ["p"]), node("Pow", ["p", "e"], ["v"])],
    constants: [reals("e", [exponent], [])],
  })),
  Range: [{
    nodes: [
      node("Range", ["start", "limit", "step"], ["r"]),
      node("Mul", ["x", "r"], ["v"]),
    ],
    constants: [reals("start", [1], []), reals("limit", [2.5], []), reals("step", [1], [])],
  }],
  Reciprocal: [ofPositive("Reciprocal")],
  ReduceL1: [reduced("ReduceL1"), reduced("ReduceL1", 13)],
  ReduceL2: [reduced("ReduceL2")],
  ReduceLogSum: [{
    nodes: [
      node("Exp", ["x"], ["p"]),
      node("ReduceLogSum", ["p", "axes"], ["r"]),
      node("Add", ["x", "r"], ["v"]),
    ],
    constants: [wholes("axes", [1])],
  }],
  ReduceLogSumExp: [reduced("ReduceLogSumExp")],
  ReduceMax: [reduced("ReduceMax")],
  ReduceMean: [reduced("ReduceMean"), reduced("ReduceMean", 13)],
  ReduceMin: [reduced("ReduceMin")],
  ReduceProd: [{
    nodes: [
      node("Shape", ["four"], ["s"]),
      node("ReduceProd", ["s"], ["p"], { keepdims: 0 }),
      node("Cast", ["p"], ["r"], { to: FLOAT }),
      node("Mul", ["x", "r"], ["v"]),
    ],
    constants: [four],
  }],
  ReduceSum: [reduced("ReduceSum")],
  ReduceSumSquare: [reduced("ReduceSumSquare")],
  Relu: [one("Relu")],
  Reshape: [
    {
      nodes: [
        node("Unsqueeze", ["x", "axes"], ["u"]),
        node("Reshape", ["u", "shape"], ["v"]),
      ],
      constants: [wholes("axes", [1]), square],
    },
    {
      nodes: [
        node("Unsqueeze", ["x", "axes"], ["u"]),
        node("Reshape", ["u", "copies"], ["v"]),
      ],
      constants: [wholes("axes", [1]), wholes("copies", [0, -1])],
    },
  ],
  Selu: [one("Selu")],
  Shape: [{
    nodes: [
      node("Shape", ["x"], ["s"], { start: 1 }),
      node("Cast", ["s"], ["r"], { to: FLOAT }),
      node("Mul", ["x", "r"], ["v"]),
    ],
  }],
  Sigmoid: [one("Sigmoid")],
  Sign: [one("Sign")],
  Sin: [one("Sin")],
  Size: [{
    nodes: [
      node("Size", ["four"], ["s"]),
      node("Cast", ["s"], ["r"], { to: FLOAT }),
      node("Mul", ["x", "r"], ["v"]),
    ],
    constants: [four],
  }],
  Slice: [
    {
      nodes: [
        node("Slice", ["x", "last", "end", "axis"], ["s"]),
        node("Add", ["x", "s"], ["v"]),
      ],
      constants: [wholes("last", [-1]), wholes("end", [2 ** 40]), wholes("axis", [1])],
    },
    {
      nodes: [node("Slice", ["x", "last", "end", "axis", "back"], ["v"])],
      constants: [
        ...[wholes("last", [-1]), wholes("end", [-(2 ** 40)]), wholes("axis", [1])],
        wholes("back", [-1]),
      ],
    },
  ],
  Softmax: [one("Softmax")],
  Softplus: [one("Softplus")],
  Softsign: [one("Softsign")],
  Split: [{
    nodes: [
      node("Split", ["x"], ["a", "b"], { axis: 1, num_outputs: 2 }),
      node("Concat", ["b", "a"], ["v"], { axis: 1 }),
    ],
  }, {
    nodes: [
      node("Concat", ["x", "t"], ["c"], { axis: 1 }),
      node("Split", ["c", "sizes"], ["v", "rest"], { axis: 1 }),
    ],
    constants: [wholes("sizes", [2, 1])],
  }],
  Sqrt: [ofPositive("Sqrt")],
  Squeeze: [{
    nodes: [
      node("Squeeze", ["t", "axes"], ["s"]),
      node("Unsqueeze", ["s", "axes"], ["u"]),
      node("Mul", ["x", "u"], ["v"]),
    ],
    constants: [wholes("axes", [1])],
  }],
  Sub: [two("Sub")],
  Sum: [{ nodes: [node("Sum", ["x", "t", "x"], ["v"])] }],
  Tan: [one("Tan")],
  Tanh: [one("Tanh")],
  Tile: [{
    nodes: [node("Tile", ["t", "times"], ["v"])],
    constants: [wholes("times", [1, 2])],
  }],
  Transpose: [{
    nodes: [
      node("Transpose", ["four"], ["w"], { perm: [1, 0] }),
      node("MatMul", ["x", "w"], ["v"]),
    ],
    constants: [four],
  }],
  Unsqueeze: [{
    nodes: [
      node("Unsqueeze", ["x", "axes"], ["u"]),
      node("ReduceSum", ["u", "axes"], ["v"], { keepdims: 0 }),
    ],
    constants: [wholes("axes", [-1])],
  }],
  Where: [{
    nodes: [node("Less", ["x", "t"], ["b"]), node("Where", ["b", "t", "x"], ["v"])],
  }, {
    nodes: [node("Where", ["mask", "x", "t"], ["v"])],
    constants: [tensorProto("mask", [2], Uint8Array.of(1, 0))],
  }],
};

const X = [-1.7, 0.4, 0.9, -0.2, 2.5, 0];
const T = [0.2, 0.5, 0.9];

Deno.test("every operator that is read has a case here", () => {
  assert.deepEqual(Object.keys(CASES).sort(), [...SUPPORTED]);
});

for (const [op, cases] of Object.entries(CASES)) {
  Deno.test(`${op} means what ONNX Runtime takes it to mean`, async () => {
    for (const { nodes, constants = [], opset } of cases) {
      const bytes = encode(graphOf({ node: [...nodes], initializer: [...constants] }), { opset });
      const exact = await runInOnnxRuntime(bytes, { t: T, x: X });
      const { network, weights } = await read(bytes);
      const [{ data, shape }] = evaluate(fromJSON(network.field), {
        ...Object.fromEntries(weights),
        t: { data: T, shape: [3, 1] },
        x: { data: X, shape: [3, 2] },
      });
      assert.deepEqual(shape, [3, 2]);
      data.forEach((value, i) =>
        assert.ok(Math.abs(value - exact[i]) < 2e-6 * (1 + Math.abs(value)), `${value} ${exact[i]}`)
      );
    }
  });
}
