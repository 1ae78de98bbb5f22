import { NONE } from "../expression.ts";
import { broadcastShapes } from "../shape.ts";
import { apply } from "./broadcasting.ts";
import { requireDType, total } from "./rule.ts";
import type { Op } from "../op.ts";
import type { DType, Expression, Node, OpName, PerInput, PlainName } from "../types.ts";

/** Ops that are elementwise and have no attributes. */
type ElementwiseName = Exclude<PlainName<1> | PlainName<2>, "stopGradient">;

/** What a derivative becomes on its way through one input of an op. */
type Chain<K extends OpName> = (
  d: Expression,
  inputs: PerInput<K, Expression>,
  y: Expression,
) => Expression;

interface Rule<K extends OpName> {
  readonly name: K;
  readonly arity: Op<K>["arity"];
  readonly accepts: readonly DType[];
  /** By default that of the inputs. */
  readonly result?: DType;
  readonly linear?: boolean;
  readonly commutative?: boolean;
  readonly scalar: (...elements: number[]) => number;
  /** On 32-bit integers, where it is not `scalar` wrapped. */
  readonly integer?: (...elements: number[]) => number;
  /**
   * For each input, what a derivative `d` of the result (reverse) or of that input (forward)
   * becomes; null for zero. The derivative of an elementwise op is diagonal, hence its own
   * transpose: one rule serves both directions.
   */
  readonly chain: PerInput<K, Chain<K> | null>;
}

/** An op that works on each element alone. */
export function elementwise<K extends ElementwiseName>(rule: Rule<K>): Op<K> {
  const chain = rule.chain as readonly (Chain<K> | null)[];
  const through = (i: number, d: Expression | null, node: Node<K>) =>
    d && (chain[i]?.(d, node.inputs, node as unknown as Expression) ?? null);
  const integer = rule.integer ?? ((...elements) => rule.scalar(...elements) | 0);
  return {
    name: rule.name,
    arity: rule.arity,
    attributes: NONE as Op<K>["attributes"],
    elementwise: true,
    linear: rule.linear ?? false,
    commutative: rule.commutative ?? false,
    shape: (inputs) => {
      const list = inputs as readonly Expression[];
      const dtype = requireDType(rule.name, list, ...rule.accepts);
      const shape = list.length === 1
        ? list[0].shape
        : broadcastShapes(rule.name, list[0].shape, list[1].shape);
      return { shape, dtype: rule.result ?? dtype };
    },
    jvp: (tangents, node) =>
      total(...(tangents as readonly (Expression | null)[]).map((d, i) => through(i, d, node))),
    vjp: (d, node) =>
      chain.map((_, i) => through(i, d, node)) as unknown as PerInput<
        K,
        Expression | null
      >,
    reference: (inputs, node) => apply(node.dtype === "i32" ? integer : rule.scalar, inputs),
    scalar: rule.scalar,
  };
}

/** The dtypes that arithmetic takes. */
export const NUMBER: readonly DType[] = ["f32", "i32"];
/** The dtype that analysis takes. */
export const REAL: readonly DType[] = ["f32"];
/** The dtype that logic takes. */
export const TRUTH: readonly DType[] = ["bool"];
