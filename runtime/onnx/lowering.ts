import type { Dim, Expression, Node, OpName, PerInput, Shape } from "../../graph/mod.ts";
import type { ElementType } from "./proto.ts";
import type { Scope } from "./scope.ts";

/** What a lowering is lent: where its nodes go and what it may ask. */
export interface Context {
  /** The ONNX graph that the nodes are added to. */
  readonly scope: Scope;
  /** The sizes of a shape as a vector of 64-bit integers. */
  sizes(shape: Shape): string;
  /** One size as a 64-bit integer scalar. */
  size(dim: Dim): string;
  /** The names of all results of a loop; of results that nobody uses, "". */
  results(loop: Expression): readonly string[];
  /** Whether somebody uses that result of a loop. */
  isUsed(loop: Expression, result: number): boolean;
  /** Lowers the body of a loop: see {@linkcode Bodies}. */
  readonly bodies: Bodies;
}

/** How a loop lowers expressions over its variables. */
export interface Bodies {
  /**
   * Names of `ys` in an ONNX graph where variables have the given names.
   *
   * @param captured Variables that stand for values of the graph around the loop, where what depends on
   * nothing else is computed, once.
   */
  lower(
    scope: Scope,
    ys: readonly Expression[],
    bindings: {
      readonly variables: ReadonlyMap<Expression, string>;
      readonly captured: ReadonlyMap<Expression, Expression>;
    },
  ): string[];
}

/** Writes the nodes of one expression and returns the names of its results: one, but for loops. */
export type Lowering<K extends OpName> = (
  node: Node<K>,
  inputs: PerInput<K, string>,
  context: Context,
) => string | readonly string[];

/** One lowering per op of `K`. */
export type LoweringTable<K extends OpName = OpName> = { readonly [P in K]: Lowering<P> };

/** The element type that carries a dtype. */
export function elementType(dtype: Expression["dtype"]): ElementType {
  return ({ f32: "float32", i32: "int32", bool: "bool" } as const)[dtype];
}

/** Shapes without symbolic sizes. */
export function isConcrete(shape: Shape): shape is readonly number[] {
  return shape.every((dim) => typeof dim === "number");
}
