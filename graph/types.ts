/** The types of the tensor graph: what an expression is, and which ops there are. */

/** What an element is: a real number, a 32-bit integer that wraps, or a truth value (0 or 1). */
export type DType = "f32" | "i32" | "bool";

/** A size: a number, or the name of one bound at run time by the inputs that carry it. */
export type Dim = number | string;

/** The sizes of a tensor, outermost first; equal names are equal sizes. */
export type Shape = readonly Dim[];

/** A tensor as users see it: row-major data beside its sizes. */
export interface Tensor {
  /** Values in row-major order. */
  /** The values. */
  readonly data: Float32Array;
  /** Sizes, outermost first. */
  /** The sizes. */
  readonly shape: number[];
}

/** A tensor as the reference interpreter sees it: row-major doubles, whatever the dtype. */
export interface Tensor64 {
  /** The values; bools are 0 and 1. */
  readonly data: Float64Array;
  /** The sizes. */
  readonly shape: number[];
}

/** A list of exactly `N` items, or of any length where `N` is `number`. */
export type Tuple<N extends number, T> = number extends N ? readonly T[]
  : N extends 0 ? readonly []
  : N extends 1 ? readonly [T]
  : N extends 2 ? readonly [T, T]
  : readonly [T, T, T];

/** The number of inputs of an op and the type of its attributes. */
export interface Signature<N extends number, A> {
  /** The number of inputs. */
  readonly arity: N;
  /** The attributes. */
  readonly attributes: A;
}

/** The attributes of ops that have none. */
export type NoAttributes = Readonly<Record<never, never>>;

/** What an expression without inputs says of itself. */
export interface LeafAttributes {
  /** Its sizes. */
  readonly shape: Shape;
  /** What its elements are. */
  readonly dtype: DType;
}

/** Which axes a reduction takes away. */
export interface AxesAttributes {
  /** In ascending order, counted from the front. */
  readonly axes: readonly number[];
  /** Whether they stay with size 1. */
  readonly keep: boolean;
}

/** Zeros put before and after each of the two image axes: [[top, bottom], [left, right]]. */
export type Padding = readonly [readonly [number, number], readonly [number, number]];

/** How a kernel moves over an image. */
export interface WindowAttributes {
  /** Steps down and to the right. */
  readonly strides: readonly [number, number];
  /** Zeros around the image. */
  readonly padding: Padding;
}

/**
 * The body of a loop, closed: it mentions its own variables and no outer expression.
 *
 * What the body used of the outer graph is an input of the loop, seen here as `captured`.
 */
export interface LoopBody {
  /** The number of iterations done before this one, an i32 scalar. */
  readonly index: Expression;
  /** Variables for the state before the iteration. */
  readonly state: readonly Expression[];
  /** Variables for the captured values. */
  readonly captured: readonly Expression[];
  /** The state after the iteration, as many as `state`. */
  readonly next: readonly Expression[];
  /** What each iteration leaves behind; stacked on a new first axis. */
  readonly collect: readonly Expression[];
  /** Whether to run another iteration, from the state before it; null for a counted loop. */
  readonly condition: Expression | null;
}

/** The arity and the attributes of every op: a new op starts here. */
export interface Signatures {
  /** A tensor handed in. */
  input: Signature<0, { readonly name: string } & LeafAttributes>;
  /** Known values, row-major. */
  constant: Signature<0, { readonly data: Float64Array } & LeafAttributes>;
  /** A parameter of a loop body. */
  variable: Signature<0, { readonly name: string; readonly key: number } & LeafAttributes>;
  /** The integers from 0, i32. */
  iota: Signature<0, { readonly length: Dim }>;
  /** The value of a size, an i32 scalar. */
  size: Signature<0, { readonly dim: Dim }>;

  /** -x. */
  negate: Signature<1, NoAttributes>;
  /** e^x. */
  exp: Signature<1, NoAttributes>;
  /** Natural logarithm. */
  log: Signature<1, NoAttributes>;
  /** log(1 + x). */
  log1p: Signature<1, NoAttributes>;
  /** Square root. */
  sqrt: Signature<1, NoAttributes>;
  /** 1 / x. */
  reciprocal: Signature<1, NoAttributes>;
  /** Sine. */
  sin: Signature<1, NoAttributes>;
  /** Cosine. */
  cos: Signature<1, NoAttributes>;
  /** Hyperbolic tangent. */
  tanh: Signature<1, NoAttributes>;
  /** 1 / (1 + e^-x). */
  sigmoid: Signature<1, NoAttributes>;
  /** log(1 + e^x). */
  softplus: Signature<1, NoAttributes>;
  /** The error function. */
  erf: Signature<1, NoAttributes>;
  /** |x|. */
  abs: Signature<1, NoAttributes>;
  /** -1, 0 or 1. */
  sign: Signature<1, NoAttributes>;
  /** Rounding down. */
  floor: Signature<1, NoAttributes>;
  /** Logical negation. */
  not: Signature<1, NoAttributes>;
  /** x, fixed for derivatives. */
  stopGradient: Signature<1, NoAttributes>;
  /** Another dtype. */
  cast: Signature<1, { readonly dtype: DType }>;

  /** a + b. */
  add: Signature<2, NoAttributes>;
  /** a - b. */
  sub: Signature<2, NoAttributes>;
  /** a b. */
  mul: Signature<2, NoAttributes>;
  /** a / b. */
  div: Signature<2, NoAttributes>;
  /** a^b. */
  pow: Signature<2, NoAttributes>;
  /** The greater. */
  max: Signature<2, NoAttributes>;
  /** The lesser. */
  min: Signature<2, NoAttributes>;
  /** a = b. */
  equal: Signature<2, NoAttributes>;
  /** a < b. */
  less: Signature<2, NoAttributes>;
  /** a <= b. */
  lessEqual: Signature<2, NoAttributes>;
  /** Both. */
  and: Signature<2, NoAttributes>;
  /** One or both. */
  or: Signature<2, NoAttributes>;
  /** Inputs: a condition, the value where it holds, the value elsewhere. */
  select: Signature<3, NoAttributes>;

  /** Sum over axes. */
  sum: Signature<1, AxesAttributes>;
  /** Greatest element over axes. */
  reduceMax: Signature<1, AxesAttributes>;
  /** Place of the greatest element along an axis, i32. */
  argMax: Signature<1, { readonly axis: number }>;
  /** Sums up to each element along an axis. */
  cumulativeSum: Signature<1, { readonly axis: number }>;

  /** Matrix product of the last two axes, each factor as it is or transposed. */
  matmul: Signature<2, { readonly transposeA: boolean; readonly transposeB: boolean }>;
  /** Inputs: images and kernels. */
  convolution: Signature<2, WindowAttributes>;
  /** Inputs: a cotangent of the result, and kernels; `shape` is that of the images. */
  convolutionInput: Signature<2, WindowAttributes & { readonly shape: Shape }>;
  /** Inputs: images, and a cotangent of the result; `shape` is that of the kernels. */
  convolutionWeight: Signature<2, WindowAttributes & { readonly shape: Shape }>;

  /** The same elements under another shape. */
  reshape: Signature<1, { readonly shape: Shape }>;
  /** Axis i of the result is axis `permutation[i]`. */
  transpose: Signature<1, { readonly permutation: readonly number[] }>;
  /** Repetition along axes of size 1 and new leading axes. */
  broadcast: Signature<1, { readonly shape: Shape }>;
  /** One tensor after the other. */
  concat: Signature<number, { readonly axis: number }>;
  /** Elements from `starts` to before `ends` in `steps`, one number per axis. */
  slice: Signature<
    1,
    { readonly starts: readonly number[]; readonly ends: Shape; readonly steps: readonly number[] }
  >;
  /** Zeros before and after, one number per axis. */
  pad: Signature<1, { readonly low: readonly number[]; readonly high: readonly number[] }>;
  /** The order along axes turned round. */
  reverse: Signature<1, { readonly axes: readonly number[] }>;
  /** Inputs: a tensor and i32 indices into one axis. */
  gather: Signature<2, { readonly axis: number }>;
  /** Inputs: i32 indices into one axis, and what is added there. */
  scatterAdd: Signature<2, { readonly axis: number; readonly size: Dim }>;

  /** Inputs: the count if `counted`, the initial state, the captured values. */
  loop: Signature<
    number,
    { readonly counted: boolean; readonly body: LoopBody; readonly length: Dim | null }
  >;
  /** A result of a loop: the states, then what was collected, then the number of iterations. */
  item: Signature<1, { readonly index: number }>;
  /** Input: the step, an i32 scalar. */
  random: Signature<
    1,
    {
      readonly distribution: "uniform" | "normal";
      readonly seed: number;
      readonly stream: string;
      readonly shape: Shape;
    }
  >;
}

/** The name of an op. */
export type OpName = keyof Signatures;

/** The attributes of the op `K`. */
export type Attributes<K extends OpName> = Signatures[K]["attributes"];

/** The names of ops that have `N` inputs and no attributes. */
export type PlainName<N extends number> = {
  [K in OpName]: Signatures[K] extends { arity: N; attributes: NoAttributes }
    ? keyof Signatures[K]["attributes"] extends never ? K : never
    : never;
}[OpName];

/** One item for each input of the op `K`. */
export type PerInput<K extends OpName, T> = Tuple<Signatures[K]["arity"], T>;

/** What an attribute is: decides how it is checked, written as data, and bound to sizes. */
export type AttributeKind =
  | "body"
  | "boolean"
  | "data"
  | "dim"
  | "distribution"
  | "dtype"
  | "integer"
  | "integers"
  | "length"
  | "name"
  | "padding"
  | "shape";

/** An expression whose op is `K`. */
export interface Node<K extends OpName> {
  /** Unique in this process; an expression's inputs have smaller ids than its own. */
  readonly id: number;
  /** Which op it is. */
  readonly op: K;
  /** What it is computed from. */
  readonly inputs: PerInput<K, Expression>;
  /** What else the op needs to know. */
  readonly attributes: Attributes<K>;
  /** A loop has several results: its own shape is [] and stands for none of them. */
  readonly shape: Shape;
  /** What its elements are. */
  readonly dtype: DType;
}

/**
 * A pure tensor expression. Identical expressions are one object; `op` tells the variants apart.
 */
export type Expression = { [K in OpName]: Node<K> }[OpName];

/** What builders accept: an expression, or a number that becomes a scalar. */
export type Value = Expression | number;
