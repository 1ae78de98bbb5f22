import type { DType, OpName } from "../../../../graph/mod.ts";
import { literal } from "./literal.ts";

/** What an elementwise op is in WGSL. */
export interface Elementwise {
  /** The result from the inputs, whose dtype is given, and that of the result. */
  readonly expression: (inputs: readonly string[], dtype: DType, result: DType) => string;
  /** Functions of the library that it calls for reals. */
  readonly uses: readonly string[];
  /** Operations, roughly. */
  readonly cost: number;
}

/** Ops that work on each element alone. */
export type ElementwiseName = Extract<
  OpName,
  | "negate"
  | "exp"
  | "log"
  | "log1p"
  | "sqrt"
  | "reciprocal"
  | "sin"
  | "cos"
  | "tanh"
  | "sigmoid"
  | "softplus"
  | "erf"
  | "abs"
  | "sign"
  | "floor"
  | "not"
  | "stopGradient"
  | "cast"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "pow"
  | "max"
  | "min"
  | "equal"
  | "less"
  | "lessEqual"
  | "and"
  | "or"
  | "select"
>;

function operator(sign: string): Elementwise {
  return { expression: ([a, b]) => `(${a} ${sign} ${b})`, uses: [], cost: 1 };
}

/** A function of the library. */
function call(name: string, cost: number): Elementwise {
  return { expression: ([x]) => `${name}(${x})`, uses: [name], cost };
}

/** A function of the library for reals, of WGSL for integers. */
function either(name: string, cost: number): Elementwise {
  return {
    expression: (inputs, dtype) => `${name}${dtype === "f32" ? "_" : ""}(${inputs.join(", ")})`,
    uses: [`${name}_`],
    cost,
  };
}

const CASTS: { readonly [K in DType]: (x: string, from: DType) => string } = {
  f32: (x) => `f32(${x})`,
  i32: (x) => `i32(${x})`,
  // NaN is true: it is not equal to 0, but drivers take != for less or greater.
  bool: (x, from) => `!(${x} == ${literal(0, from)})`,
};

/** Every elementwise op: a new one does not compile until it stands here. */
export const ELEMENTWISE: { readonly [K in ElementwiseName]: Elementwise } = {
  negate: { expression: ([x]) => `(-${x})`, uses: [], cost: 1 },
  exp: call("exp_", 16),
  log: call("log_", 20),
  log1p: call("log1p_", 30),
  sqrt: { expression: ([x]) => `sqrt(${x})`, uses: [], cost: 3 },
  reciprocal: { expression: ([x]) => `(1.0f / ${x})`, uses: [], cost: 2 },
  sin: call("sin_", 20),
  cos: call("cos_", 20),
  tanh: call("tanh_", 30),
  sigmoid: call("sigmoid_", 18),
  softplus: call("softplus_", 50),
  erf: call("erf_", 80),
  abs: { expression: ([x]) => `abs(${x})`, uses: [], cost: 1 },
  sign: either("sign", 3),
  floor: { expression: ([x]) => `floor(${x})`, uses: [], cost: 1 },
  not: { expression: ([x]) => `!(${x})`, uses: [], cost: 1 },
  stopGradient: { expression: ([x]) => x, uses: [], cost: 0 },
  cast: {
    expression: ([x], from, to) => from === to ? x : CASTS[to](x, from),
    uses: [],
    cost: 1,
  },
  add: operator("+"),
  sub: operator("-"),
  mul: operator("*"),
  div: {
    expression: ([a, b], dtype) => dtype === "f32" ? `(${a} / ${b})` : `divideWhole_(${a}, ${b})`,
    uses: ["divideWhole_"],
    cost: 2,
  },
  pow: { expression: ([a, b]) => `pow_(${a}, ${b})`, uses: ["pow_"], cost: 50 },
  max: either("max", 4),
  min: either("min", 4),
  equal: operator("=="),
  less: operator("<"),
  lessEqual: operator("<="),
  and: { expression: ([a, b]) => `(${a} && ${b})`, uses: [], cost: 1 },
  or: { expression: ([a, b]) => `(${a} || ${b})`, uses: [], cost: 1 },
  select: { expression: ([c, a, b]) => `select(${b}, ${a}, ${c})`, uses: [], cost: 1 },
};
