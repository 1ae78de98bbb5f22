import { digest } from "../digest.ts";
import { build, newestId, topological } from "../expression.ts";
import { substitute } from "../substitute.ts";
import type { Attributes, Dim, Expression, LoopBody, Value } from "../types.ts";
import { asExpression, constant, variable } from "./leaf.ts";

/** What a loop does. */
export interface LoopOptions {
  /** The state before the first iteration; each iteration keeps shapes and dtypes. */
  readonly state: readonly Value[];
  /** The number of iterations, an i32 scalar; with `while`, the most there may be. */
  readonly count?: Value;
  /** Whether to run another iteration, a bool scalar. */
  readonly while?: (...state: Expression[]) => Expression;
  /** The next state, and what to collect of this iteration. It may use any expression around it. */
  readonly body: (
    index: Expression,
    ...state: Expression[]
  ) => readonly Value[] | { readonly state: readonly Value[]; readonly collect: readonly Value[] };
}

/** The results of a loop. */
export interface LoopResult {
  /** The state after the last iteration. */
  readonly state: Expression[];
  /**
   * What the iterations collected, [iterations, ...]; the first size has a name if it is not known.
   */
  readonly collected: Expression[];
  /** The number of iterations done, an i32 scalar. */
  readonly iterations: Expression;
}

let nextKey = 1;

/**
 * Runs `body` over and over.
 *
 * @throws {TypeError} If neither `count` nor `while` is given, or they have the wrong dtype.
 * @throws {ShapeError} If the body changes the shape of the state.
 *
 * @example Powers of two
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluate, loop, times } from "../mod.ts";
 * const { state: [x], collected: [powers] } = loop({
 *   state: [1],
 *   count: 3,
 *   body: (_i, x) => ({ state: [times(x, 2)], collect: [x] }),
 * });
 * const [last, all] = evaluate([x, powers], {});
 * assert.equal(last.data[0], 8);
 * assert.deepEqual([...all.data], [1, 2, 4]);
 * ```
 */
export function loop(options: LoopOptions): LoopResult {
  const count = options.count === undefined
    ? null
    : typeof options.count === "number"
    ? constant(options.count, [], "i32")
    : options.count;
  if (count === null && options.while === undefined) {
    throw new TypeError("Cannot build a loop without an end: give count, while, or both");
  }
  const initial = options.state.map((x) => asExpression(x));
  const fresh = (name: string, { shape, dtype }: Pick<Expression, "shape" | "dtype">) =>
    variable(name, shape, dtype, nextKey++);
  const oldest = newestId() + 1;
  const index = fresh("i", { shape: [], dtype: "i32" });
  const state = initial.map((x, k) => fresh(`s${k}`, x));
  const result = options.body(index, ...state);
  const results = "collect" in result ? result : { state: result, collect: [] };
  return closeLoop({
    count,
    initial,
    oldest,
    index,
    state,
    next: results.state.map((x, k) => asExpression(x, state[k])),
    collect: results.collect.map((x) => asExpression(x)),
    condition: options.while?.(...state) ?? null,
  });
}

/** A body over fresh variables, which may mention outer expressions. */
interface OpenLoop extends Omit<LoopBody, "captured"> {
  readonly count: Expression | null;
  readonly initial: readonly Expression[];
  /** No expression with a smaller id depends on the variables. */
  readonly oldest: number;
}

/** Takes the outer expressions out of a body and names its variables canonically. */
function closeLoop(open: OpenLoop): LoopResult {
  const roots = [...open.next, ...open.collect, ...(open.condition ? [open.condition] : [])];
  const own = new Set<Expression>([open.index, ...open.state]);
  const inside = topological(roots, (node) => node.id >= open.oldest);
  for (const node of inside) {
    if ((node.inputs as readonly Expression[]).some((x) => own.has(x))) own.add(node);
  }
  const map = new Map<Expression, Expression>();
  const rename = (name: string, x: Expression) => {
    const canonical = variable(name, x.shape, x.dtype, 0);
    map.set(x, canonical);
    return canonical;
  };
  const index = rename("i", open.index);
  const state = open.state.map((x, k) => rename(`s${k}`, x));
  const outer: Expression[] = [];
  const captured: Expression[] = [];
  const capture = (x: Expression) => {
    if (own.has(x) || map.has(x) || isFree(x)) return;
    outer.push(x);
    captured.push(rename(`c${captured.length}`, x));
  };
  for (const node of inside) {
    if (own.has(node)) { for (const x of node.inputs as readonly Expression[]) capture(x); }
  }
  for (const root of roots) capture(root);
  const closed = substitute(roots, map);
  const states = open.next.length;
  const collects = open.collect.length;
  const body: LoopBody = {
    index,
    state,
    captured,
    next: closed.slice(0, states),
    collect: closed.slice(states, states + collects),
    condition: open.condition ? closed[states + collects] : null,
  };
  return loopOf(body, open.count, open.initial, outer);
}

/** Whether it costs nothing to have x in a body: a constant or a size, also stretched. */
function isFree(x: Expression): boolean {
  const inputs: readonly Expression[] = x.inputs;
  if (inputs.length === 0) return x.op !== "input" && x.op !== "variable";
  return x.op === "broadcast" && isFree(inputs[0]);
}

/** The results of a loop with that closed body. */
export function loopOf(
  body: LoopBody,
  count: Expression | null,
  initial: readonly Expression[],
  captured: readonly Expression[],
): LoopResult {
  const inputs = [...(count ? [count] : []), ...initial, ...captured];
  const counted = count !== null;
  const node = build("loop", inputs, {
    counted,
    body,
    length: lengthOf(inputs, { counted, body }),
  });
  const item = (index: number) => build("item", [node], { index });
  const states = body.next.length;
  const results = states + body.collect.length;
  return {
    state: body.next.map((_, k) => item(k)),
    collected: body.collect.map((_, k) => item(states + k)),
    iterations: item(results),
  };
}

/**
 * The first size of what a loop collects: a number if it is known, else a name.
 *
 * The name is made from what decides the number of iterations and nothing else, so that a loop and
 * its derivatives, which run equally often, have the same size.
 */
export function lengthOf(
  inputs: readonly Expression[],
  { counted, body }: Pick<Attributes<"loop">, "counted" | "body">,
): Dim | null {
  if (body.collect.length === 0) return null;
  const count = counted ? inputs[0] : null;
  const control = body.condition === null
    ? null
    : controlOf(body, counted ? inputs.slice(1) : inputs);
  if (count?.op === "constant" && control === null) return Math.max(0, count.attributes.data[0]);
  return `iterations:${
    digest([...(count ? [count] : []), ...(control?.inputs ?? [])], control?.roots)
  }`;
}

/**
 * The condition and the next states it depends on, their variables named by order of appearance.
 */
function controlOf(
  { state, captured, next, condition }: LoopBody,
  values: readonly Expression[],
): { readonly roots: Expression[]; readonly inputs: Expression[] } {
  const variables = [...state, ...captured];
  const roots = [condition!];
  const found: Expression[] = [];
  for (let k = 0; k < roots.length; k++) {
    for (const node of topological([roots[k]])) {
      if (!variables.includes(node) || found.includes(node)) continue;
      found.push(node);
      if (state.includes(node)) roots.push(next[state.indexOf(node)]);
    }
  }
  const names = new Map(found.map((x, k) => [x, variable(`v${k}`, x.shape, x.dtype, 0)]));
  return {
    roots: substitute(roots, names),
    inputs: found.map((x) => values[variables.indexOf(x)]),
  };
}
