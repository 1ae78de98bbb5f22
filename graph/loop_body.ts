/** Closed loop bodies as a whole. */
import type { Expression, LoopBody, Node } from "./types.ts";

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
