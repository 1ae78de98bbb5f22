import { NONE } from "../expression.ts";
import { checkShape, elements, ShapeError, showShape } from "../shape.ts";
import type { Op } from "../op.ts";
import { fill, flat, LINEAR, PLAIN } from "./rule.ts";

/** A tensor handed in. */
export const input: Op<"input"> = {
  name: "input",
  arity: 0,
  attributes: { name: "name", shape: "shape", dtype: "dtype" },
  ...PLAIN,
  shape: (_, { shape, dtype }) => ({ shape: checkShape("input", shape), dtype }),
  ...flat<"input">([]),
  reference: (_, node, environment) => environment.leaf(node),
};

/** Known values. */
export const constant: Op<"constant"> = {
  name: "constant",
  arity: 0,
  attributes: { data: "data", shape: "shape", dtype: "dtype" },
  ...PLAIN,
  shape: (_, { data, shape, dtype }) => {
    if (data.length !== elements(shape).count || shape.some((dim) => typeof dim === "string")) {
      throw new ShapeError(
        `Cannot build constant of shape ${showShape(shape)} from ${data.length} values`,
        shape,
      );
    }
    return { shape: checkShape("constant", shape), dtype };
  },
  ...flat<"constant">([]),
  reference: (_, { attributes: { data, shape } }) => ({ data, shape: shape as number[] }),
  key: ({ data, shape, dtype }) => `${dtype}[${shape.join()}]${digestOf(data)}`,
};

/** A parameter of a loop body. */
export const variable: Op<"variable"> = {
  name: "variable",
  arity: 0,
  attributes: { name: "name", key: "integer", shape: "shape", dtype: "dtype" },
  ...PLAIN,
  shape: (_, { shape, dtype }) => ({ shape: checkShape("variable", shape), dtype }),
  ...flat<"variable">([]),
  reference: (_, node, environment) => environment.leaf(node),
};

/** 0, 1, 2, ... */
export const iota: Op<"iota"> = {
  name: "iota",
  arity: 0,
  attributes: { length: "dim" },
  ...PLAIN,
  shape: (_, { length }) => ({ shape: checkShape("iota", [length]), dtype: "i32" }),
  ...flat<"iota">([]),
  reference: (_, { shape }, environment) => fill(environment.shape(shape), (i) => i),
};

/** The value of a symbolic size. */
export const size: Op<"size"> = {
  name: "size",
  arity: 0,
  attributes: { dim: "dim" },
  ...PLAIN,
  shape: (_, { dim }) => (checkShape("size", [dim]), { shape: [], dtype: "i32" }),
  ...flat<"size">([]),
  reference: (_, { attributes: { dim } }, environment) =>
    fill([], () => environment.shape([dim])[0]),
};

/** x, cut off from derivatives. */
export const stopGradient: Op<"stopGradient"> = {
  name: "stopGradient",
  arity: 1,
  attributes: NONE,
  ...LINEAR,
  elementwise: true,
  shape: ([x]) => x,
  ...flat<"stopGradient">([null]),
  reference: ([x]) => x,
};

const SHORT = 16;

/**
 * Text that tells data apart: the values themselves if they are few, else a 106-bit digest of their
 * bits.
 */
function digestOf(data: Float64Array): string {
  if (data.length <= SHORT) {
    let text = "";
    for (const value of data) text += Object.is(value, -0) ? ",-0" : `,${value}`;
    return text;
  }
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length * 2);
  let a = 0x811c9dc5, b = 0x9e3779b9, c = 0x85ebca6b, d = 0xc2b2ae35;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ (word >>> 15) ^ (word << 17), 0x5bd1e995) + a | 0;
    c = Math.imul(c + word, 0x1b873593) ^ (c >>> 13);
    d = Math.imul(d ^ word, 0xcc9e2d51) + (b >>> 7) | 0;
  }
  return `#${a >>> 0}.${b >>> 0}.${c >>> 0}.${d >>> 0}`;
}
