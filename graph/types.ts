/** The types of the tensor graph: what an expression is, and what an op must say about itself. */

/** What an element is: a real number, a 32-bit integer that wraps, or a truth value (0 or 1). */
export type DType = "f32" | "i32" | "bool";

/** A size: a number, or the name of one bound at run time by the inputs that carry it. */
export type Dim = number | string;

/** The sizes of a tensor, outermost first; equal names are equal sizes. */
export type Shape = readonly Dim[];

/** A tensor as users see it: row-major data beside its sizes. */
export interface Tensor {
  /** Values in row-major order. */
  readonly data: Float32Array;
  /** Sizes, outermost first. */
  readonly shape: number[];
}

/** A tensor as the reference interpreter sees it: row-major doubles, whatever the dtype. */
export interface Tensor64 {
  readonly data: Float64Array;
  readonly shape: number[];
}

/** A list of exactly `N` items, or of any length where `N` is `number`. */
export type Tuple<N extends number, T> = number extends N ? readonly T[]
  : N extends 0 ? readonly []
  : N extends 1 ? readonly [T]
  : N extends 2 ? readonly [T, T]
  : readonly [T, T, T];

interface Signature<N extends number, A> {
  readonly arity: N;
  readonly attributes: A;
}

/** The attributes of ops that have none. */
export type NoAttributes = Readonly<Record<never, never>>;

interface Leaf {
  readonly shape: Shape;
  readonly dtype: DType;
}

interface Axes {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

/** Zeros put before and after each of the two image axes: [[top, bottom], [left, right]]. */
export type Padding = readonly [readonly [number, number], readonly [number, number]];

interface Window {
  readonly strides: readonly [number, number];
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
  readonly state: readonly Expression[];
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
  input: Signature<0, { readonly name: string } & Leaf>;
  constant: Signature<0, { readonly data: Float64Array } & Leaf>;
  variable: Signature<0, { readonly name: string; readonly key: number } & Leaf>;
  iota: Signature<0, { readonly length: Dim }>;
  size: Signature<0, { readonly dim: Dim }>;

  negate: Signature<1, NoAttributes>;
  exp: Signature<1, NoAttributes>;
  log: Signature<1, NoAttributes>;
  log1p: Signature<1, NoAttributes>;
  sqrt: Signature<1, NoAttributes>;
  reciprocal: Signature<1, NoAttributes>;
  sin: Signature<1, NoAttributes>;
  cos: Signature<1, NoAttributes>;
  tanh: Signature<1, NoAttributes>;
  sigmoid: Signature<1, NoAttributes>;
  softplus: Signature<1, NoAttributes>;
  erf: Signature<1, NoAttributes>;
  abs: Signature<1, NoAttributes>;
  sign: Signature<1, NoAttributes>;
  floor: Signature<1, NoAttributes>;
  not: Signature<1, NoAttributes>;
  stopGradient: Signature<1, NoAttributes>;
  cast: Signature<1, { readonly dtype: DType }>;

  add: Signature<2, NoAttributes>;
  sub: Signature<2, NoAttributes>;
  mul: Signature<2, NoAttributes>;
  div: Signature<2, NoAttributes>;
  pow: Signature<2, NoAttributes>;
  max: Signature<2, NoAttributes>;
  min: Signature<2, NoAttributes>;
  equal: Signature<2, NoAttributes>;
  less: Signature<2, NoAttributes>;
  lessEqual: Signature<2, NoAttributes>;
  and: Signature<2, NoAttributes>;
  or: Signature<2, NoAttributes>;
  select: Signature<3, NoAttributes>;

  sum: Signature<1, Axes>;
  reduceMax: Signature<1, Axes>;
  argMax: Signature<1, { readonly axis: number }>;
  cumulativeSum: Signature<1, { readonly axis: number }>;

  matmul: Signature<2, { readonly transposeA: boolean; readonly transposeB: boolean }>;
  convolution: Signature<2, Window>;
  convolutionInput: Signature<2, Window & { readonly shape: Shape }>;
  convolutionWeight: Signature<2, Window & { readonly shape: Shape }>;

  reshape: Signature<1, { readonly shape: Shape }>;
  transpose: Signature<1, { readonly permutation: readonly number[] }>;
  broadcast: Signature<1, { readonly shape: Shape }>;
  concat: Signature<number, { readonly axis: number }>;
  slice: Signature<
    1,
    { readonly starts: readonly number[]; readonly ends: Shape; readonly steps: readonly number[] }
  >;
  pad: Signature<1, { readonly low: readonly number[]; readonly high: readonly number[] }>;
  reverse: Signature<1, { readonly axes: readonly number[] }>;
  gather: Signature<2, { readonly axis: number }>;
  scatterAdd: Signature<2, { readonly axis: number; readonly size: Dim }>;

  /** Inputs: the count if `counted`, the initial state, the captured values. */
  loop: Signature<
    number,
    { readonly counted: boolean; readonly body: LoopBody; readonly length: Dim | null }
  >;
  /** A result of a loop: the states, then what was collected, then the number of iterations. */
  item: Signature<1, { readonly index: number }>;
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
  readonly op: K;
  readonly inputs: PerInput<K, Expression>;
  readonly attributes: Attributes<K>;
  /** A loop has several results: its own shape is [] and stands for none of them. */
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A pure tensor expression. Identical expressions are one object; `op` tells the variants apart. */
export type Expression = { [K in OpName]: Node<K> }[OpName];

/** What builders accept: an expression, or a number that becomes a scalar. */
export type Value = Expression | number;

/** What a derivative rule may ask about the derivative being taken. */
export interface Derivation {
  /** For each input, whether its derivative is wanted. */
  readonly needs: readonly boolean[];
  /** Whether the derivative is taken with respect to this very expression. */
  isVariable(expression: Expression): boolean;
}

/** What the reference interpreter lends to an op. */
export interface Environment {
  /** The values of symbolic sizes. */
  readonly sizes: Map<string, number>;
  /** The tensor of an input or a variable. */
  leaf(node: Node<"input"> | Node<"variable">): Tensor64;
  /** The shape with names replaced by values. */
  shape(shape: Shape): number[];
  /** The values of `ys` where the variables of a loop body have these values. */
  run(ys: readonly Expression[], variables: ReadonlyMap<Expression, Tensor64>): Tensor64[];
}

/**
 * Everything the graph knows about one op, but for how its results are counted.
 *
 * Derivative rules return null for "identically zero". What they return may be narrower than it should be, standing for
 * itself stretched; that of an elementwise op must also accept such tangents and cotangents.
 */
export interface Op<K extends OpName> {
  readonly name: K;
  /** The number of inputs; NaN if any number will do. */
  readonly arity: Signatures[K]["arity"];
  readonly attributes: { readonly [A in keyof Attributes<K>]: AttributeKind };
  /** Works on each element alone, with broadcasting. */
  readonly elementwise: boolean;
  /** Linear in all its real inputs together. */
  readonly linear: boolean;
  /** The result is the same when the two inputs are exchanged. */
  readonly commutative: boolean;
  /** Shape and dtype of the result. Throws where the inputs do not fit. */
  shape(inputs: PerInput<K, Expression>, attributes: Attributes<K>): {
    readonly shape: Shape;
    readonly dtype: DType;
  };
  /** Forward derivative. */
  jvp(
    tangents: PerInput<K, Expression | null>,
    node: Node<K>,
    derivation: Derivation,
  ): Expression | null;
  /** Reverse derivative: the cotangent of each input. */
  vjp(
    cotangent: Expression,
    node: Node<K>,
    derivation: Derivation,
  ): PerInput<K, Expression | null>;
  /** The meaning, in float64. */
  reference(inputs: PerInput<K, Tensor64>, node: Node<K>, environment: Environment): Tensor64;
  /** The meaning on single real elements, of elementwise ops without attributes. */
  scalar?(...elements: number[]): number;
  /** Of an op that may introduce a size, such as the number of iterations: that size for these inputs. */
  introduce?(inputs: PerInput<K, Expression>, attributes: Attributes<K>): {
    readonly attributes: Attributes<K>;
    readonly before: Dim | null;
    readonly after: Dim | null;
  };
  /** Text that tells these attributes from others, of ops whose attributes are not short. */
  key?(attributes: Attributes<K>): string;
  /** Of an op that has several results: all of the above for all of them. */
  readonly multiple?: Multiple<K>;
  /** Of an op that is one of its input's several results: which. */
  result?(attributes: Attributes<K>): number;
}

/** The part of an op with several results that an op with one result has in `jvp`, `vjp`, `reference`. */
export interface Multiple<K extends OpName> {
  results(
    inputs: PerInput<K, Expression>,
    attributes: Attributes<K>,
  ): readonly { readonly shape: Shape; readonly dtype: DType }[];
  jvp(
    tangents: readonly (Expression | null)[],
    node: Node<K>,
    derivation: Derivation,
  ): readonly (Expression | null)[];
  vjp(
    cotangents: readonly (Expression | null)[],
    node: Node<K>,
    derivation: Derivation,
  ): readonly (Expression | null)[];
  reference(inputs: readonly Tensor64[], node: Node<K>, environment: Environment): Tensor64[];
}

/** One record per op. */
export type OpTable = { readonly [K in OpName]: Op<K> };

/** The record of an op that is not known until run time; for code that treats all ops alike. */
export interface AnyOp
  extends Pick<Op<OpName>, "name" | "arity" | "elementwise" | "linear" | "commutative"> {
  jvp(
    tangents: readonly (Expression | null)[],
    node: Expression,
    derivation: Derivation,
  ): Expression | null;
  vjp(
    cotangent: Expression,
    node: Expression,
    derivation: Derivation,
  ): readonly (Expression | null)[];
  reference(inputs: readonly Tensor64[], node: Expression, environment: Environment): Tensor64;
  scalar?(...elements: number[]): number;
  readonly attributes: Readonly<Record<string, AttributeKind>>;
  introduce?(inputs: readonly Expression[], attributes: Expression["attributes"]): {
    readonly attributes: Expression["attributes"];
    readonly before: Dim | null;
    readonly after: Dim | null;
  };
  result?(attributes: Expression["attributes"]): number;
  readonly multiple?: {
    results(
      inputs: readonly Expression[],
      attributes: Expression["attributes"],
    ): readonly { readonly shape: Shape; readonly dtype: DType }[];
    jvp(
      tangents: readonly (Expression | null)[],
      node: Expression,
      derivation: Derivation,
    ): readonly (Expression | null)[];
    vjp(
      cotangents: readonly (Expression | null)[],
      node: Expression,
      derivation: Derivation,
    ): readonly (Expression | null)[];
    reference(
      inputs: readonly Tensor64[],
      node: Expression,
      environment: Environment,
    ): readonly Tensor64[];
  };
}
