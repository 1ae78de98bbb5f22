import type { OpName } from "../../../graph/mod.ts";
import { type Context, elementType, type LoweringTable } from "../lowering.ts";
import { ELEMENT_TYPES } from "../proto.ts";
import { scalar } from "./leaf.ts";

type Unary =
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
  | "cast";
type Binary =
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
  | "or";

const plain =
  (opType: string) => (_node: unknown, inputs: readonly string[], { scope }: Context): string =>
    scope.node(opType, inputs);

/**
 * log(1 + x) = log(u) x / (u - 1) at u = 1 + x, exact where u rounds to 1; infinite where u is.
 *
 * Source: Goldberg, "What every computer scientist should know about floating-point arithmetic",
 * ACM Computing Surveys 23(1):5-48, 1991, theorem 4.
 */
const log1p = (_node: unknown, [x]: readonly string[], context: Context): string => {
  const { scope } = context;
  const one = scalar(context, 1, "f32");
  const u = scope.node("Add", [x, one]);
  const excess = scope.node("Sub", [u, one]);
  const corrected = scope.node("Mul", [
    scope.node("Log", [u]),
    scope.node("Div", [x, excess]),
  ]);
  const plainLog = scope.node("Where", [
    scope.node("Equal", [x, u]), // infinite, or so large that 1 is lost
    scope.node("Log", [u]),
    corrected,
  ]);
  return scope.node("Where", [
    scope.node("Equal", [excess, scalar(context, 0, "f32")]),
    x,
    plainLog,
  ]);
};

/** Ops that work on each element alone, with broadcasting as NumPy's, which is ONNX's too. */
export const elementwise: LoweringTable<Unary | Binary | "select"> = {
  negate: plain("Neg"),
  exp: plain("Exp"),
  log: plain("Log"),
  log1p,
  sqrt: plain("Sqrt"),
  reciprocal: plain("Reciprocal"),
  sin: plain("Sin"),
  cos: plain("Cos"),
  tanh: plain("Tanh"),
  sigmoid: plain("Sigmoid"),
  softplus: plain("Softplus"),
  erf: plain("Erf"),
  abs: plain("Abs"),
  sign: plain("Sign"),
  floor: plain("Floor"),
  not: plain("Not"),
  stopGradient: (_node, [x]) => x,
  cast: ({ attributes: { dtype } }, [x], { scope }) =>
    scope.node("Cast", [x], { to: ELEMENT_TYPES[elementType(dtype)] }),
  add: plain("Add"),
  sub: plain("Sub"),
  mul: plain("Mul"),
  div: plain("Div"),
  pow: plain("Pow"),
  max: plain("Max"),
  min: plain("Min"),
  equal: plain("Equal"),
  less: plain("Less"),
  lessEqual: plain("LessOrEqual"),
  and: plain("And"),
  or: plain("Or"),
  select: (node, [condition, a, b], { scope }) => {
    if (node.dtype !== "bool") return scope.node("Where", [condition, a, b]);
    const no = scope.node("Not", [condition]); // ONNX Runtime has no Where of bool
    return scope.node("Or", [scope.node("And", [condition, a]), scope.node("And", [no, b])]);
  },
};

/** Whether an op broadcasts its inputs itself, so that stretching them first is waste. */
export function broadcasts(op: OpName): boolean {
  return op in elementwise;
}
