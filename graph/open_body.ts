/**
 * The body of a loop in terms of the expressions around it: the first step of building another loop
 * from one.
 */
import type { LoopOptions } from "./build/loop.ts";
import { splitInputs } from "./loop_body.ts";
import { substitute } from "./substitute.ts";
import type { Expression, Node } from "./types.ts";

/**
 * Expressions over the variables of a body, seen from outside with these values of index and state.
 */
export function openBody(
  node: Node<"loop">,
  ys: readonly Expression[],
  index: Expression | null,
  state: readonly Expression[],
  others: ReadonlyMap<Expression, Expression> = new Map(),
): Expression[] {
  const { body } = node.attributes;
  const { captured } = splitInputs(node, node.inputs);
  const map = new Map(others);
  if (index !== null) map.set(body.index, index);
  body.state.forEach((variable, k) => map.set(variable, state[k]));
  body.captured.forEach((variable, k) => map.set(variable, captured[k]));
  return substitute(ys, map);
}

/**
 * The count and the condition of a loop, for another loop that runs the same iterations.
 *
 * @param statesOf The state of the old loop from that of the new one; by default its first entries.
 */
export function controlOf(
  node: Node<"loop">,
  statesOf: (state: readonly Expression[]) => readonly Expression[] = (state) => state,
): Pick<LoopOptions, "count" | "while"> {
  const { condition } = node.attributes.body;
  const { count } = splitInputs<Expression>(node, node.inputs);
  return {
    ...(count ? { count } : {}),
    ...(condition
      ? { while: (...state) => openBody(node, [condition], null, statesOf(state))[0] }
      : {}),
  };
}
