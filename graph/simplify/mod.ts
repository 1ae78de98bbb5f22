/** Simplification: the same values from fewer ops. */
import { rebuild, recordOf, topological } from "../expression.ts";
import { rootsOf, withRoots } from "../loop_body.ts";
import { type Program, rootsOfProgram } from "../program.ts";
import { resizeAttributes } from "../substitute.ts";
import type { Dim, Expression, LoopBody, Node, OpName } from "../types.ts";
import { elementwiseRules } from "./elementwise_rules.ts";
import { fold } from "./fold.ts";
import { broadcastRules, layoutRules } from "./layout_rules.ts";
import { mergeLoops, pruneLoop } from "./loops.ts";
import { applyRule } from "./match.ts";
import type { Rule } from "./rule.ts";

export type { Rule } from "./rule.ts";

/** Every rule that `simplify` applies by default. */
export const RULES: readonly Rule[] = [...elementwiseRules, ...layoutRules, ...broadcastRules];

/**
 * Expressions of the same values as `ys`, from fewer ops.
 *
 * Rules are applied from the inputs up until none applies; constants are computed; loops lose what
 * nobody reads, and loops that run the same iterations over the same states become one.
 */
export function simplify(
  ys: readonly Expression[],
  rules: readonly Rule[] = RULES,
): Expression[] {
  let now = [...ys];
  for (;;) {
    const next = mergeLoops(rewrite(now, rules));
    if (next.every((y, i) => y === now[i])) return next;
    now = next;
  }
}

/**
 * One pass from the inputs up. A loop over simpler inputs has another name for its length: then the
 * pass starts over.
 */
function rewrite(ys: readonly Expression[], rules: readonly Rule[]): Expression[] {
  const order = topological(ys);
  const read = resultsRead(order);
  const sizes = new Map<Dim, Dim>();
  for (;;) {
    const known = sizes.size;
    const done = new Map<Expression, Expression>();
    const results = new Map<Expression, readonly (Expression | null)[]>();
    for (const node of order) {
      const record = recordOf(node);
      const inputs: readonly Expression[] = node.inputs;
      const result = record.result?.(node.attributes);
      if (result !== undefined) {
        done.set(node, results.get(inputs[0])![result]!);
        continue;
      }
      const attributes = known > 0
        ? resizeAttributes(node, (dim) => sizes.get(dim) ?? dim)
        : node.attributes;
      const sources = inputs.map((x) => done.get(x)!);
      const moved = sources.some((x, i) => x !== inputs[i]) || attributes !== node.attributes;
      const rebuilt = moved ? rebuild(node, sources, attributes) : node;
      if (rebuilt.op === "loop") {
        const tidy = pruneLoop(withSimpleBody(rebuilt, rules), read.get(node)!);
        results.set(node, tidy);
        done.set(node, rebuilt);
        noteLength(rebuilt, tidy, sizes);
        if (sizes.size > known) break;
      } else {
        done.set(node, exhaust(rebuilt, rules));
      }
    }
    if (sizes.size === known) return ys.map((y) => done.get(y)!);
  }
}

function noteLength(
  { attributes: { body, length } }: Node<"loop">,
  results: readonly (Expression | null)[],
  sizes: Map<Dim, Dim>,
): void {
  const row = results.slice(body.next.length, -1).find((x) => x !== null);
  if (row && length !== null && row.shape[0] !== length) sizes.set(length, row.shape[0]);
}

/** For each node with several results, which of them are read, if only for their size. */
function resultsRead(order: readonly Expression[]): Map<Expression, Set<number>> {
  const read = new Map<Expression, Set<number>>();
  const sizes = new Set<Dim>();
  for (const node of order) {
    for (const dim of node.op === "size" ? [node.attributes.dim] : node.shape) sizes.add(dim);
    if (recordOf(node).multiple) read.set(node, new Set());
    const which = recordOf(node).result?.(node.attributes);
    if (which !== undefined) read.get(node.inputs[0]!)!.add(which);
  }
  for (const [node, results] of read) {
    if (node.op !== "loop") continue;
    const { body, length } = node.attributes;
    const states = body.next.length;
    const rows = body.collect.some((_, k) => results.has(states + k));
    if (!rows && length !== null && sizes.has(length)) results.add(states);
  }
  return read;
}

const simpleRoots = new WeakMap<readonly Rule[], WeakMap<LoopBody, readonly Expression[]>>();

/** The loop with its body simplified; a body is simplified once per list of rules. */
function withSimpleBody(node: Node<"loop">, rules: readonly Rule[]): Node<"loop"> {
  const { body } = node.attributes;
  let known = simpleRoots.get(rules);
  if (known === undefined) simpleRoots.set(rules, known = new WeakMap());
  const roots = rootsOf(body);
  let simple = known.get(body);
  if (simple === undefined) known.set(body, simple = simplify(roots, rules));
  if (simple.every((x, k) => x === roots[k])) return node;
  const attributes = { ...node.attributes, body: withRoots(body, simple) };
  return rebuild(node as Expression, node.inputs, attributes) as Node<"loop">;
}

/** The end of the chain of rewrites that begins with an expression. */
function exhaust(node: Expression, rules: readonly Rule[]): Expression {
  let now = node;
  for (;;) {
    const next = fold(now) ?? firstRewrite(now, rules);
    if (next === null || next === now) return now;
    now = next;
  }
}

function firstRewrite(node: Expression, rules: readonly Rule[]): Expression | null {
  for (const rule of rulesFor(node, rules)) {
    const next = applyRule(rule, node);
    if (next !== null && next !== node) return next;
  }
  return null;
}

const indexes = new WeakMap<readonly Rule[], Map<OpName, readonly Rule[]>>();

/** The rules that may rewrite expressions of that op, found once per list of rules. */
function rulesFor(node: Expression, rules: readonly Rule[]): readonly Rule[] {
  let index = indexes.get(rules);
  if (index === undefined) indexes.set(rules, index = new Map());
  let own = index.get(node.op);
  if (own === undefined) {
    const record = recordOf(node);
    own = rules.filter(({ from, applies }) => applies ? applies(record) : from.op === node.op);
    index.set(node.op, own);
  }
  return own;
}

/** A program of the same values from fewer ops; its inputs and their names stay. */
export function simplifyProgram(program: Program): Program {
  const simple = simplify(rootsOfProgram(program));
  const names = Object.keys(program.outputs);
  return {
    ...program,
    outputs: Object.fromEntries(names.map((name, i) => [name, simple[i]])),
    state: program.state.map(({ input }, i) => ({ input, next: simple[names.length + i] })),
  };
}
