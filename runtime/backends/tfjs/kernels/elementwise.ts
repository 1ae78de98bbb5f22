import { type Node, type OpName, OPS } from "../../../../graph/mod.ts";
import { Held } from "../held.ts";
import { integers, nameOf, placeOf, stretchedStrides } from "../integers.ts";
import { type Apply, byDType, type Kernel, type KernelTable, onTensors } from "../kernel.ts";
import type { Tf, TfTensor } from "../library.ts";

/** Ops that work on each element alone. */
type Elementwise =
  | ("negate" | "exp" | "log" | "log1p" | "sqrt" | "reciprocal" | "sin" | "cos" | "tanh")
  | ("sigmoid" | "softplus" | "erf" | "abs" | "sign" | "floor" | "not" | "stopGradient" | "cast")
  | ("add" | "sub" | "mul" | "div" | "pow" | "max" | "min")
  | ("equal" | "less" | "lessEqual" | "and" | "or" | "select");

type Unary = (tf: Tf, x: TfTensor) => TfTensor;
type Binary = (tf: Tf, a: TfTensor, b: TfTensor) => TfTensor;

/** The kernel of an op of one real number. */
const unary = <K extends OpName>(real: Unary): Kernel<K> =>
  onHost(onTensors(([x], { tf }) => real(tf, x)));

/** The kernel of an op of two real numbers. */
const binary = <K extends OpName>(real: Binary): Kernel<K> =>
  onHost(onTensors(([a, b], { tf }) => real(tf, a, b)));

/** The kernel of an op of integers or truth values alone: WGSL over a, b and c. */
const whole = <K extends OpName>(wgsl: string): Kernel<K> => onHost(onTensors(onIntegers(wgsl)));

/** The kernel of an op of one number. */
const number1 = <K extends OpName>(real: Unary, wgsl: string): Kernel<K> =>
  onHost(byDType({ real: ([x], { tf }) => real(tf, x), integer: onIntegers(wgsl) }));

/** The kernel of an op of two numbers. */
const number2 = <K extends OpName>(real: Binary, wgsl: string): Kernel<K> =>
  onHost(byDType({ real: ([a, b], { tf }) => real(tf, a, b), integer: onIntegers(wgsl) }));

/** How each op is done by TensorFlow.js, and in WGSL where its inputs are integers. */
export const elementwise: KernelTable<Elementwise> = {
  negate: number1((tf, x) => tf.neg(x), "-a"),
  exp: unary((tf, x) => tf.exp(x)),
  log: unary((tf, x) => tf.log(x)),
  log1p: unary((tf, x) => tf.log1p(x)),
  sqrt: unary((tf, x) => tf.sqrt(x)),
  reciprocal: unary((tf, x) => tf.reciprocal(x)),
  sin: unary((tf, x) => tf.sin(x)),
  cos: unary((tf, x) => tf.cos(x)),
  tanh: unary((tf, x) => tf.tanh(x)),
  sigmoid: unary((tf, x) => tf.sigmoid(x)),
  softplus: unary((tf, x) => tf.softplus(x)),
  erf: unary((tf, x) => tf.erf(x)),
  abs: number1((tf, x) => tf.abs(x), "abs(a)"),
  sign: number1((tf, x) => tf.where(tf.isNaN(x), x, tf.sign(x)), "sign(a)"),
  floor: unary((tf, x) => tf.floor(x)),
  not: whole("1 - a"),
  stopGradient: ([x]) => x.retain(),
  cast: onHost((inputs, node, frame) => CASTS[node.attributes.dtype](inputs, node, frame)),

  add: number2((tf, a, b) => tf.add(a, b), "a + b"),
  sub: number2((tf, a, b) => tf.sub(a, b), "a - b"),
  mul: number2((tf, a, b) => tf.mul(a, b), "a * b"),
  div: number2((tf, a, b) => tf.div(a, b), "select(a / b, 0, b == 0)"),
  pow: binary(pow),
  max: number2((tf, a, b) => tf.maximum(a, b), "max(a, b)"),
  min: number2((tf, a, b) => tf.minimum(a, b), "min(a, b)"),
  equal: number2((tf, a, b) => tf.equal(a, b), "i32(a == b)"),
  less: number2((tf, a, b) => tf.less(a, b), "i32(a < b)"),
  lessEqual: number2((tf, a, b) => tf.lessEqual(a, b), "i32(a <= b)"),
  and: whole("a & b"),
  or: whole("a | b"),
  select: onHost(
    byDType<"select">({
      real: ([condition, a, b], { tf }) => tf.where(condition as never, a, b),
      integer: onIntegers("select(c, b, a != 0)"),
    }, { dtypeOf: ({ inputs: [, a] }) => a.dtype }),
  ),
};

/** TensorFlow.js has 0 to any power but 0 as 0. */
function pow(tf: Tf, a: TfTensor, b: TfTensor): TfTensor {
  const inverse = tf.reciprocal(a);
  const odd = tf.equal(tf.abs(tf.mod(b, 2)), 1);
  const atZero = tf.where(odd, inverse, tf.abs(inverse));
  return tf.where(tf.logicalAnd(tf.equal(a, 0), tf.less(b, 0)), atZero, tf.pow(a, b));
}

/** To reals without a copy: the buffer stays one of integers, which TensorFlow.js's kernels convert as they read. */
const CASTS: { readonly [D in "f32" | "i32" | "bool"]: Kernel<"cast"> } = {
  f32: onTensors(([x], { tf }) => tf.cast(x, "float32")),
  i32: onTensors(([x], { tf }) => tf.cast(x, "int32")),
  bool: byDType({
    real: ([x], { tf }) => tf.notEqual(x, tf.scalar(0)),
    integer: onIntegers("i32(a != 0)"),
  }),
};

/** Scalars that the host knows stay there: counters, times and rates need no kernel. */
function onHost<K extends OpName>(kernel: Kernel<K>): Kernel<K> {
  return (inputs, node, frame) => {
    if (inputs.some((input) => input.number === null)) return kernel(inputs, node, frame);
    const given = inputs.map(({ number }) => ({ data: Float64Array.of(number!), shape: [] }));
    const reference = OPS[node.op as "cast"].reference as unknown as (
      inputs: readonly unknown[],
      node: Node<K>,
    ) => { readonly data: Float64Array };
    const { data } = reference(given, node);
    const { dtype } = node as unknown as Node<"cast">;
    return Held.scalar(frame.library, dtype, data[0]);
  };
}

/** WGSL over the elements a, b, c of the inputs, stretched to the result. */
function onIntegers<K extends OpName>(wgsl: string): Apply<K> {
  return (inputs, { tf, node }) => {
    const { util } = tf;
    const shape = inputs.reduce<number[]>(
      (common, { shape }) => tf.backend_util.assertAndGetBroadcastShape(common, shape),
      [],
    );
    const elements = inputs.map((input, k) => {
      const place = util.arraysEqual(input.shape, shape)
        ? "i"
        : placeOf(shape, stretchedStrides(input.shape, shape));
      return `let ${nameOf(k).toLowerCase()} = ${nameOf(k)}[${place}];`;
    });
    const dtype = (node as unknown as Node<"cast">).dtype === "bool" ? "bool" : "int32";
    return integers(tf, inputs, { shape, dtype, body: `${elements.join(" ")} y = ${wgsl};` });
  };
}
