/** Files that are broken, hostile or of the wrong kind: each is refused in one message that names what was found. */
import assert from "node:assert/strict";
import proto from "npm:onnx-proto@8.0.1";
import { InputError, velocity } from "../../../dsl/mod.ts";
import type { OnnxOptions } from "../../../dsl/velocity.ts";
import type { GraphProto, TensorProto } from "../../../runtime/onnx/proto.ts";
import { valueInfo } from "../../../runtime/onnx/proto.ts";
import { readNetwork } from "../../../runtime/onnx_import/mod.ts";
import { encode, graphOf, node, read, reals, tensorProto, wholes, withFile } from "./models.ts";

const FIXTURES = new URL("../../fixtures/onnx/", import.meta.url);

async function refused(reading: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(reading, (error: Error) => {
    assert.ok(error instanceof InputError, String(error.stack));
    assert.match(error.message, message);
    return true;
  });
}

/** A file whose one fault is in its graph. */
interface Faulty {
  readonly graph: GraphProto;
  readonly message: RegExp;
  readonly options?: OnnxOptions;
  readonly dim?: number;
  readonly file?: { readonly opset?: number; readonly domain?: string };
}

const sound: GraphProto = { node: [node("Mul", ["x", "t"], ["v"], {}, "/mul")] };
const huge = (name: string, dims: number[], dataType = 1): TensorProto => ({
  ...{ name, dims, dataType, rawData: new Uint8Array(16) },
});
/** The field t w x with a tensor w. */
const weighted = (initializer: TensorProto): GraphProto => ({
  node: [node("Mul", ["x", "w"], ["h"]), node("Mul", ["h", "t"], ["v"])],
  initializer: [initializer],
});
const inputs = (...ports: [string, (number | string)[]][]): GraphProto => ({
  ...sound,
  input: ports.map(([name, shape]) => valueInfo(name, "float32", shape)),
});
/** A loop or another graph within a node. */
const inner = { name: "body", node: [node("Neg", ["x"], ["y"])], output: [{ name: "y" }] };

const FAULTS: Readonly<Record<string, Faulty>> = {
  "an older opset": {
    graph: sound,
    file: { opset: 12 },
    message: /it is of opset 12: opsets 13 to \d+ are accepted; export it with opset_version=18/,
  },
  "a newer opset": {
    graph: sound,
    file: { opset: 99 },
    message: /it is of opset 99: opsets 13 to \d+ are accepted/,
  },
  "other operators alone": {
    graph: sound,
    file: { domain: "com.example" },
    message: /it imports com\.example alone/,
  },
  "several unsupported operators": {
    graph: {
      node: [
        node("NonZero", ["x"], ["a"], {}, "/first"),
        node("Det", ["a"], ["b"], {}, "/second"),
        node("NonZero", ["b"], ["c"]),
        { ...node("Gelu", ["c"], ["v"], {}, "/third"), domain: "com.microsoft" },
        node("Det", ["x"], ["unused"], {}, "/unused"),
      ],
    },
    message:
      /needs 3 operators that are not supported:\n {2}Det at \/second\n {2}NonZero at \/first, \(makes c\)\n {2}com\.microsoft\.Gelu at \/third\n/,
  },
  "a loop": {
    graph: { node: [node("Loop", ["n", "", "x"], ["v"], { body: inner }, "/loop")] },
    message: /needs an operator that is not supported:\n {2}Loop at \/loop\n/,
  },
  "an operator named as a property of every object": {
    graph: { node: [node("constructor", ["x"], ["v"])] },
    message: /constructor at \(makes v\)/,
  },
  "a branch that depends on data": {
    graph: {
      node: [
        node("ReduceMax", ["x"], ["m"], { keepdims: 0 }),
        node("Cast", ["m"], ["b"], { to: 9 }),
        node("If", ["b"], ["v"], { then_branch: inner, else_branch: inner }, "/choice"),
      ],
    },
    message: /node "\/choice" \(If\): its input 0 must not depend on data/,
  },
  "a node that needs itself": {
    graph: { node: [node("Add", ["x", "v"], ["v"], {}, "/add")] },
    message: /its nodes need each other in a circle: "v" needs "v"/,
  },
  "a circle of nodes": {
    graph: {
      node: [
        node("Neg", ["c"], ["a"]),
        node("Neg", ["a"], ["b"]),
        node("Neg", ["b"], ["c"]),
        node("Add", ["x", "b"], ["v"]),
      ],
    },
    message: /in a circle: "b" needs "a" needs "c" needs "b"/,
  },
  "a branch that needs its own node": {
    graph: {
      node: [
        node("If", ["yes"], ["v"], {
          then_branch: { node: [node("Neg", ["v"], ["y"])], output: [{ name: "y" }] },
          else_branch: inner,
        }),
      ],
      initializer: [tensorProto("yes", [], Uint8Array.of(1))],
    },
    message: /in a circle: "v" needs "v"/,
  },
  "an input that nothing makes": {
    graph: { node: [node("Add", ["x", "ghost"], ["v"], {}, "/add")] },
    message: /node "\/add" \(Add\) takes "ghost", which nothing makes/,
  },
  "an output that nothing makes": {
    graph: { node: [node("Neg", ["x"], ["w"])] },
    message: /nothing makes its output "v"/,
  },
  "a missing input": {
    graph: { node: [node("Add", ["x"], ["v"], {}, "/add")] },
    message: /node "\/add" \(Add\)/,
  },
  "two nodes that make one name": {
    graph: { node: [node("Neg", ["x"], ["v"], {}, "/a"), node("Abs", ["x"], ["v"], {}, "/b")] },
    message: /two values are called "v": node "\/a" \(Neg\) and node "\/b" \(Abs\)/,
  },
  "two initialisers of one name": {
    graph: { ...sound, initializer: [reals("w", [1]), reals("w", [2])] },
    message: /two values are called "w": an initialiser and an initialiser/,
  },
  "two inputs of one name": {
    graph: inputs(["x", ["batch", 2]], ["x", ["batch", 2]]),
    message: /two of its inputs are called "x"/,
  },
  "an initialiser larger than the file": {
    graph: weighted(huge("w", [2 ** 31, 2 ** 20])),
    message:
      /the tensor "w": its sizes \[2147483648, 1048576\] stand for 2251799813685248 elements of float32: found 4/,
  },
  "an initialiser of negative size": {
    graph: weighted(huge("w", [-2, -2])),
    message: /the tensor "w": its sizes \[-2, -2\]/,
  },
  "an initialiser of text": {
    graph: weighted({ name: "w", dims: [1], dataType: 8, stringData: [new Uint8Array(1)] }),
    message: /the tensor "w": its elements are string: accepted are float32, /,
  },
  "an initialiser of complex numbers": {
    graph: weighted(huge("w", [2], 14)),
    message: /its elements are complex64/,
  },
  "an expansion to 2^31": {
    graph: {
      node: [
        node("Expand", ["x", "s"], ["e"], {}, "/grow"),
        node("ReduceMax", ["e", "axes"], ["v"], { keepdims: 0 }),
      ],
      initializer: [wholes("s", [2 ** 31, 1, 2]), wholes("axes", [0])],
    },
    message: /node "\/grow" \(Expand\): it makes 4294967296 numbers .* a row/,
  },
  "a constant of 2^62 numbers": {
    graph: {
      node: [
        node("ConstantOfShape", ["s"], ["e"], {}, "/fill"),
        node("ReduceSum", ["e"], ["r"], { keepdims: 0 }),
        node("Add", ["x", "r"], ["v"]),
      ],
      initializer: [wholes("s", [2 ** 31, 2 ** 31])],
    },
    message: /"\/fill" \(ConstantOfShape\): it makes \d+ numbers/,
  },
  "a range of 2^40 numbers": {
    graph: {
      node: [
        node("Range", ["zero", "end", "one"], ["r"], {}, "/count"),
        node("Add", ["x", "r"], ["v"]),
      ],
      initializer: [wholes("zero", [0], []), wholes("end", [2 ** 40], []), wholes("one", [1], [])],
    },
    message: /"\/count" \(Range\): it counts 1099511627776 numbers/,
  },
  "2^28 whole numbers, stretched": {
    graph: {
      node: [
        node("Add", ["a", "b"], ["s"], {}, "/sums"),
        node("Reshape", ["x", "s"], ["v"]),
      ],
      initializer: [
        wholes("a", Array(2 ** 14).fill(1), [2 ** 14, 1]),
        wholes("b", Array(2 ** 14).fill(1), [1, 2 ** 14]),
      ],
    },
    message: /"\/sums" \(Add\): it makes 268435456 whole numbers \[16384, 16384\]: at most 1048576/,
  },
  "2^28 whole numbers, repeated": {
    graph: {
      node: [
        node("Tile", ["one", "times"], ["s"], {}, "/repeat"),
        node("Reshape", ["x", "s"], ["v"]),
      ],
      initializer: [wholes("one", [1]), wholes("times", [2 ** 28])],
    },
    message: /"\/repeat" \(Tile\): it makes 268435456 whole numbers/,
  },
  "an axis split into 2^30": {
    graph: { node: [node("Split", ["x"], ["v", "w"], { axis: 1, num_outputs: 2 ** 30 }, "/cut")] },
    message: /"\/cut" \(Split\): it splits an axis of size 2 into 1073741824/,
  },
  "sizes that do not fit": {
    graph: {
      node: [node("MatMul", ["x", "w"], ["v"], {}, "/linear")],
      initializer: [reals("w", [1, 2, 3, 4, 5, 6], [3, 2])],
    },
    message: /node "\/linear" \(MatMul\): Cannot matmul \[n, 2\] and \[3, 2\]/,
  },
  "rows that see each other": {
    graph: {
      node: [
        node("ReduceMean", ["x"], ["m"], { axes: [0] }),
        node("Sub", ["x", "m"], ["v"]),
      ],
    },
    file: { opset: 13 },
    message: /a row of its output depends on other rows \(by "sum"\)/,
  },
  "rows that know how many there are": {
    graph: {
      node: [
        node("Shape", ["x"], ["s"], { end: 1 }),
        node("Cast", ["s"], ["r"], { to: 1 }),
        node("Div", ["x", "r"], ["v"]),
      ],
    },
    message: /a row of the result would depend on how many rows there are/,
  },
  "a network of another dimension": {
    graph: sound,
    dim: 3,
    message: /its input "x" \[batch, 2\] must be \[batch, 3\], as the target has 3 coordinates/,
  },
  "an output of another dimension": {
    graph: { node: [node("Concat", ["x", "t"], ["v"], { axis: 1 })] },
    message: /its output has shape \[n, 3\], where n counts rows: .* is \[n, 2\]/,
  },
  "an input of whole numbers": {
    graph: { ...sound, input: [valueInfo("t", "int64", ["batch", 1])] },
    message: /its input "t" takes int64 values: time and state must be real numbers/,
  },
  "three inputs": {
    graph: inputs(["t", ["b", 1]], ["x", ["b", 2]], ["label", ["b", 1]]),
    message:
      /a velocity takes a time and a state, and its inputs are "t" \[b, 1\], "x" \[b, 2\], "label" \[b, 1\]/,
  },
  "no inputs": {
    graph: { ...sound, input: [] },
    message: /a velocity takes a time and a state, and its inputs are none/,
  },
  "two inputs of which either may be the time": {
    graph: inputs(["a", ["b", 2]], ["c", ["b", 2]]),
    message: /not clear which of its inputs "a" \[b, 2\] and "c" \[b, 2\] is the time: name it/,
  },
  "one input that holds both": {
    graph: inputs(["input", ["b", 3]]),
    message:
      /"input" \[b, 3\] must be \[batch, 2\].*; if it takes state and time in one, say \{ joined/,
  },
  "joined, where there are two inputs": {
    graph: sound,
    options: { joined: "stateFirst" },
    message:
      /"joined" is for networks of one input, and it has 2: "t" \[batch, 1\], "x" \[batch, 2\]/,
  },
  "a misspelt name of an input": {
    graph: inputs(["tau", ["b", 1]], ["state", ["b", 2]]),
    options: { state: "stat" },
    message: /it has no input "stat"; did you mean "state"\?; its inputs are "tau" \[b, 1\]/,
  },
  "a misspelt name of the output": {
    graph: sound,
    options: { output: "w" },
    message: /it has no output "w".*; its outputs are "v"/,
  },
  "several outputs": {
    graph: {
      ...sound,
      output: [valueInfo("v", "float32", ["b", 2]), valueInfo("h", "float32", ["b", 2])],
    },
    message: /it has 2 outputs: say which is the velocity, as in \{ output: "v" \}; .*"v", "h"/,
  },
  "a time of two numbers": {
    graph: inputs(["t", ["b", 2]], ["x", ["b", 2]]),
    options: { time: "t" },
    message: /its time "t" \[b, 2\] must be \[\], \[1\], \[batch\] or \[batch, 1\]/,
  },
  "numbers of its own for each row of a fixed batch": {
    graph: {
      ...inputs(["t", [2, 1]], ["x", [2, 2]]),
      node: [node("Add", ["x", "c"], ["v"], {}, "/add")],
      initializer: [reals("c", [1, 2, 3, 4], [2, 2])],
    },
    message:
      /"\/add" \(Add\): it takes a number of its own for each of the 2 rows .*export it with a dynamic batch axis/,
  },
};

for (const [what, { graph, message, options, dim, file }] of Object.entries(FAULTS)) {
  Deno.test(`a file with ${what} is refused`, async () => {
    await refused(read(encode(graphOf(graph), file), options, dim), message);
  });
}

Deno.test("a sound file with the same parts is read", async () => {
  const { network, weights } = await read(encode(graphOf(sound)));
  assert.equal(network.dim, 2);
  assert.equal(weights.size, 0);
});

Deno.test("what is no ONNX file is refused", async () => {
  await refused(read(new Uint8Array()), /the file is empty/);
  await refused(read(new TextEncoder().encode("<html>Not found</html>")), /ONNX model/);
  await refused(read(crypto.getRandomValues(new Uint8Array(500))), /ONNX model/);
  const npy = await Deno.readFile(new URL("../data/f4.npy", FIXTURES));
  await refused(read(npy), /ONNX model/);
});

Deno.test("a file that is cut anywhere is refused or has lost nothing that matters", async () => {
  const whole = await Deno.readFile(new URL("silu.onnx", FIXTURES));
  const { network } = await read(whole);
  for (let length = 1; length < whole.length; length += 127) {
    const reading = read(whole.slice(0, length));
    await reading.then(
      (found) => assert.equal(found.network.digest, network.digest, `${length} bytes`),
      (error) => assert.ok(error instanceof InputError, `${length} bytes: ${error.stack}`),
    );
  }
  await refused(read(whole.slice(0, 1500)), /it is truncated, or not an ONNX model/);
});

Deno.test("a file with any byte changed is read or refused in words", async () => {
  const whole = await Deno.readFile(new URL("fourier_one.onnx", FIXTURES));
  for (let at = 0; at < whole.length; at += 17) {
    const changed = whole.slice();
    changed[at] ^= 1 << at % 8;
    await read(changed).catch((error) =>
      assert.ok(error instanceof InputError, `byte ${at}: ${error.stack}`)
    );
  }
});

Deno.test("graphs nested without end are refused", async () => {
  let graph: GraphProto = inner;
  for (let depth = 0; depth < 300; depth++) {
    graph = { node: [node("If", ["b"], ["y"], { then_branch: graph })], output: [{ name: "y" }] };
  }
  const bytes = encode(graphOf({ node: [node("If", ["b"], ["v"], { then_branch: graph })] }));
  await refused(read(bytes), /takes "b", which nothing makes|nested too deep/);
});

Deno.test("a missing file and a folder are refused by name", async () => {
  const missing = velocity.onnx("no/such/net.onnx");
  await refused(
    readNetwork(missing, { dim: 2 }),
    /Cannot read 'no\/such\/net\.onnx': no such file/,
  );
  await refused(readNetwork(velocity.onnx(FIXTURES), { dim: 2 }), /it is a folder, not a file/);
});

Deno.test("a file too large for protobuf is refused before it is read", async () => {
  await withFile(new Uint8Array(1), async (path) => {
    await Deno.truncate(path, 2 ** 40).catch(() => Deno.truncate(path, 2 ** 31));
    await refused(
      readNetwork(velocity.onnx(path), { dim: 2 }),
      /it has \d+ bytes: an ONNX file has less than 2147483648/,
    );
  });
});

/** A file whose weights are elsewhere. */
function external(location: string, entries: Readonly<Record<string, string>> = {}): Uint8Array {
  const { EXTERNAL } = proto.onnx.TensorProto.DataLocation;
  return encode(graphOf(weighted({
    ...{ name: "w", dims: [2], dataType: 1, dataLocation: EXTERNAL },
    externalData: Object.entries({ location, ...entries }).map(([key, value]) => ({ key, value })),
  })));
}

const OUTSIDE = /its weights are said to be in '.*': only files in its own folder are read/;

for (
  const location of [
    "../secret.bin",
    "/etc/passwd",
    "sub/../../secret.bin",
    "..\\secret.bin",
    "C:\\secret.bin",
    "\\\\server\\share",
    "",
    "a\0b",
  ]
) {
  Deno.test(`weights said to be in ${JSON.stringify(location)} are not read`, async () => {
    await refused(read(external(location)), OUTSIDE);
  });
}

Deno.test("weights behind a link that leaves the folder are not read", async () => {
  await withFile(external("w.bin"), async (path, folder) => {
    const secret = await Deno.makeTempFile();
    await Deno.writeFile(secret, new Uint8Array(8));
    await Deno.symlink(secret, `${folder}/w.bin`);
    await refused(readNetwork(velocity.onnx(path), { dim: 2 }), OUTSIDE);
    await Deno.remove(secret);
  });
});

Deno.test("weights in the folder and below are read, from where the file says", async () => {
  const entries = { offset: "4", length: "8" };
  await withFile(external("sub/w.bin", entries), async (path, folder) => {
    await Deno.mkdir(`${folder}/sub`);
    await Deno.writeFile(
      `${folder}/sub/w.bin`,
      new Uint8Array(Float32Array.of(9, 1.5, -2, 9).buffer),
    );
    const { weights } = await readNetwork(velocity.onnx(path), { dim: 2 });
    assert.deepEqual([...weights.get("network.w")!.data], [1.5, -2]);
  });
});

Deno.test("weights that are missing, or beyond the end of their file, are refused", async () => {
  await refused(read(external("w.bin")), /Cannot read the weights of 'net\.onnx' from .*w\.bin'/);
  for (
    const [entries, message] of [
      [{ offset: "8" }, /at bytes 8 to 8 .*|stand for 2 elements of float32: found 0/],
      [{ offset: "4", length: "8" }, /it is at bytes 4 to 12 of 'w\.bin', which has 8/],
      [{ offset: "-4" }, /it is at bytes -4 to 8/],
      [{ offset: "many" }, /it is at bytes NaN/],
      [{ length: "4" }, /stand for 2 elements of float32: found 1/],
    ] as const
  ) {
    await withFile(external("w.bin", entries), async (path, folder) => {
      await Deno.writeFile(`${folder}/w.bin`, new Uint8Array(8));
      await refused(readNetwork(velocity.onnx(path), { dim: 2 }), message);
    });
  }
});
