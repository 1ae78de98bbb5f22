/** What the kernels of ops have in common. */
import type { DType, Expression, Node, OpName, Shape } from "../../../graph/mod.ts";
import { Held, TF_DTYPES } from "./held.ts";
import type { Library, Tf, TfTensor } from "./library.ts";

/** What the interpreter lends to a kernel. */
export interface Frame {
  readonly library: Library;
  /** The values of symbolic sizes. */
  readonly sizes: Map<string, number>;
  /** A shape with names replaced by values. */
  shape(shape: Shape): number[];
  /** The value bound to an input or a variable. */
  bound(leaf: Expression): Held;
  /** The value of a constant, made once. */
  constant(node: Node<"constant">): Held;
  /** Which results of a loop somebody uses. */
  used(loop: Expression): ReadonlySet<number>;
  /** The values of `ys` where variables have these values; they belong to the caller. */
  run(ys: readonly Expression[], variables: ReadonlyMap<Expression, Held>): Promise<Held[]>;
}

/** From values of the inputs to that of the op, or to all of them where the op has several. */
export type Kernel<K extends OpName> = (
  inputs: readonly Held[],
  node: Node<K>,
  frame: Frame,
) => Held | Promise<Held | readonly Held[]>;

/** Kernels of some ops. */
export type KernelTable<K extends OpName = OpName> = { readonly [P in K]: Kernel<P> };

/** What a kernel on tensors is given besides them. */
export interface Call<K extends OpName> {
  readonly tf: Tf;
  readonly node: Node<K>;
  readonly attributes: Node<K>["attributes"];
  /** A shape with names replaced by values. */
  shape(shape: Shape): number[];
}

/** A kernel from tensors to a tensor. */
export type Apply<K extends OpName> = (
  inputs: readonly TfTensor[],
  call: Call<K>,
) => TfTensor;

/**
 * The kernel of an op by TensorFlow.js's ops, none of which is asked for a tensor of no elements or to read one: many
 * refuse to.
 *
 * @param nothing What every element of the result is where an input has none; null if the rest of them make it.
 */
export function onTensors<K extends OpName>(
  apply: Apply<K>,
  nothing: number | null = 0,
): Kernel<K> {
  return (inputs, node, { library, shape }) => {
    const { tf } = library;
    const { dtype, shape: sizes } = node as unknown as Expression;
    const call: Call<K> = { tf, node, attributes: node.attributes, shape };
    const tensors = inputs.map((input) => input.tensor);
    const some = tensors.filter((tensor) => tensor.size > 0);
    const whole = shape(sizes);
    const make = (): TfTensor => {
      if (whole.includes(0)) return tf.tensor([], whole, TF_DTYPES[dtype]);
      if (some.length === tensors.length || nothing === null) return apply(some, call);
      return tf.fill(whole, nothing, TF_DTYPES[dtype] as "float32");
    };
    return Held.tensor(library, dtype, library.run(make));
  };
}

/** The kernel of an op that has one way for real numbers and another for integers and truth values. */
export function byDType<K extends OpName>(
  ways: { readonly real: Apply<K>; readonly integer: Apply<K> },
  { dtypeOf = (node) => (node.inputs as readonly Expression[])[0].dtype, nothing }: {
    readonly dtypeOf?: (node: Node<K>) => DType;
    /** As in {@linkcode onTensors}. */
    readonly nothing?: number | null;
  } = {},
): Kernel<K> {
  const real = onTensors(ways.real, nothing);
  const integer = onTensors(ways.integer, nothing);
  return (inputs, node, frame) => (dtypeOf(node) === "f32" ? real : integer)(inputs, node, frame);
}
