/** Closed loop bodies as a whole. */
import { mapSizes, substitute } from "./substitute.ts";
import type { Dim, Expression, LoopBody, Node } from "./types.ts";

/** Every expression a body computes: next states, collected values, condition. */
export function rootsOf({ next, collect, condition }: LoopBody): Expression[] {
  return condition === null ? [...next, ...collect] : [...next, ...collect, condition];
}

/** The body with other expressions in place of its roots. */
export function withRoots(body: LoopBody, roots: readonly Expression[]): LoopBody {
  const states = body.next.length;
  const collects = body.collect.length;
  return {
    ...body,
    next: roots.slice(0, states),
    collect: roots.slice(states, states + collects),
    condition: body.condition === null ? null : roots[states + collects],
  };
}

/** The body with every size mapped. */
export function bindBody(body: LoopBody, size: (dim: Dim) => Dim): LoopBody {
  const { index, state, captured } = body;
  const mapped = mapSizes([index, ...state, ...captured, ...rootsOf(body)], size);
  const variables = 1 + state.length + captured.length;
  return {
    ...withRoots(body, mapped.slice(variables)),
    index: mapped[0],
    state: mapped.slice(1, 1 + state.length),
    captured: mapped.slice(1 + state.length, variables),
  };
}

/** Splits one entry per input of a loop into those of count, initial state and captured values. */
export function splitInputs<T>(
  { attributes: { counted, body } }: Node<"loop">,
  entries: readonly T[],
): { readonly count: T | null; readonly initial: readonly T[]; readonly captured: readonly T[] } {
  const rest = counted ? entries.slice(1) : entries;
  return {
    count: counted ? entries[0] : null,
    initial: rest.slice(0, body.state.length),
    captured: rest.slice(body.state.length),
  };
}

/** Expressions over the variables of a body, seen from outside with these values of index and state. */
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
