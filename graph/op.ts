/** What an op must say about itself. */
import type {
  AttributeKind,
  Attributes,
  Dim,
  DType,
  Expression,
  Node,
  OpName,
  PerInput,
  Shape,
  Signatures,
  Tensor64,
} from "./types.ts";

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
 * Derivative rules return null for "identically zero". What they return may be narrower than it
 * should be, standing for itself stretched; that of an elementwise op must also accept such
 * tangents and cotangents.
 */
export interface Op<K extends OpName> {
  /** The key under which it stands in the table. */
  readonly name: K;
  /** The number of inputs; NaN if any number will do. */
  readonly arity: Signatures[K]["arity"];
  /** What each attribute is. */
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
  /**
   * Of an op that may introduce a size, such as the number of iterations: that size for these
   * inputs.
   */
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

/**
 * The part of an op with several results that an op with one result has in `jvp`, `vjp`,
 * `reference`.
 */
export interface Multiple<K extends OpName> {
  /** Shape and dtype of each result. */
  results(
    inputs: PerInput<K, Expression>,
    attributes: Attributes<K>,
  ): readonly { readonly shape: Shape; readonly dtype: DType }[];
  /** Tangents of the inputs to tangents of the results. */
  jvp(
    tangents: readonly (Expression | null)[],
    node: Node<K>,
    derivation: Derivation,
  ): readonly (Expression | null)[];
  /** Cotangents of the results to cotangents of the inputs. */
  vjp(
    cotangents: readonly (Expression | null)[],
    node: Node<K>,
    derivation: Derivation,
  ): readonly (Expression | null)[];
  /** The meaning, in float64. */
  reference(inputs: readonly Tensor64[], node: Node<K>, environment: Environment): Tensor64[];
}

/** One record per op. */
export type OpTable = { readonly [K in OpName]: Op<K> };

/** What `Op` is to all ops alike, for code that does not know which one it has. */
export interface AnyOp
  extends Pick<Op<OpName>, "name" | "arity" | "elementwise" | "linear" | "commutative" | "scalar"> {
  /** As in `Op`. */
  readonly attributes: Readonly<Record<string, AttributeKind>>;
  /** As in `Op`. */
  jvp(
    tangents: readonly (Expression | null)[],
    node: Expression,
    derivation: Derivation,
  ): Expression | null;
  /** As in `Op`. */
  vjp(
    cotangent: Expression,
    node: Expression,
    derivation: Derivation,
  ): readonly (Expression | null)[];
  /** As in `Op`. */
  reference(inputs: readonly Tensor64[], node: Expression, environment: Environment): Tensor64;
  /** As in `Op`. */
  introduce?(inputs: readonly Expression[], attributes: Expression["attributes"]): {
    readonly attributes: Expression["attributes"];
    readonly before: Dim | null;
    readonly after: Dim | null;
  };
  /** As in `Op`. */
  result?(attributes: Expression["attributes"]): number;
  /** As in `Op`. */
  readonly multiple?: AnyMultiple;
}

/** What `Multiple` is to all ops alike. */
export interface AnyMultiple {
  /** As in `Multiple`. */
  results(
    inputs: readonly Expression[],
    attributes: Expression["attributes"],
  ): readonly { readonly shape: Shape; readonly dtype: DType }[];
  /** As in `Multiple`. */
  jvp(
    tangents: readonly (Expression | null)[],
    node: Expression,
    derivation: Derivation,
  ): readonly (Expression | null)[];
  /** As in `Multiple`. */
  vjp(
    cotangents: readonly (Expression | null)[],
    node: Expression,
    derivation: Derivation,
  ): readonly (Expression | null)[];
  /** As in `Multiple`. */
  reference(
    inputs: readonly Tensor64[],
    node: Expression,
    environment: Environment,
  ): readonly Tensor64[];
}
