import type { AnyOp } from "../op.ts";
import type { Expression } from "../types.ts";

/**
 * A rewrite: a pair of graphs with a name, whose values are equal for all inputs, NaN, infinities
 * and ±0 included.
 *
 * The inputs of `from` stand for any expressions of their dtype, and its scalar constants for that
 * number in any shape. Where attributes or sizes must be computed, the pair is an example and
 * `rewrite` is the rule.
 */
export interface Rule {
  /** What it does, such as `x * 1 -> x`. */
  readonly name: string;
  /** What is rewritten. */
  readonly from: Expression;
  /** What it becomes. */
  readonly to: Expression;
  /** What the expression becomes, or null if the rule does not apply. */
  readonly rewrite?: (node: Expression) => Expression | null;
  /** The ops whose expressions the rule may rewrite; by default that of `from` alone. */
  readonly applies?: (op: AnyOp) => boolean;
  /** How far values may move, relative to themselves, and why; by default they stay as they are. */
  readonly tolerance?: { readonly relative: number; readonly reason: string };
}
