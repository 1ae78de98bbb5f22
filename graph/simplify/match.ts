/** Finding the left side of a rule in a graph, and putting its right side there. */
import { broadcast } from "../build/layout.ts";
import { rebuild, recordOf } from "../expression.ts";
import type { Expression } from "../types.ts";
import type { Rule } from "./rule.ts";

/** What a rule makes of an expression of an op that it is for, or null if it does not apply. */
export function applyRule({ from, to, rewrite }: Rule, node: Expression): Expression | null {
  if (rewrite) return rewrite(node);
  const bindings = match(from, node, new Map());
  return bindings && broadcast(instantiate(to, bindings), node.shape);
}

type Bindings = ReadonlyMap<Expression, Expression>;

function match(pattern: Expression, node: Expression, bindings: Bindings): Bindings | null {
  const bound = bindings.get(pattern);
  if (bound !== undefined) return bound === node ? bindings : null;
  if (pattern.dtype !== node.dtype) return null;
  if (pattern.op === "input") return new Map([...bindings, [pattern, node]]);
  if (pattern.op === "constant") {
    const [value] = pattern.attributes.data;
    return Object.is(uniformValue(node), value) ? bindings : null;
  }
  if (pattern.op !== node.op) return null;
  const inputs: readonly Expression[] = node.inputs;
  const straight = matchAll(pattern.inputs, inputs, bindings);
  if (straight !== null || !recordOf(node).commutative) return straight;
  return matchAll(pattern.inputs, [inputs[1], inputs[0]], bindings);
}

function matchAll(
  patterns: readonly Expression[],
  nodes: readonly Expression[],
  bindings: Bindings,
): Bindings | null {
  let all: Bindings | null = bindings;
  for (let i = 0; i < patterns.length && all !== null; i++) all = match(patterns[i], nodes[i], all);
  return all;
}

function instantiate(pattern: Expression, bindings: Bindings): Expression {
  const bound = bindings.get(pattern);
  if (bound !== undefined || pattern.op === "constant") return bound ?? pattern;
  const inputs: readonly Expression[] = pattern.inputs;
  return rebuild(pattern, inputs.map((x) => instantiate(x, bindings)));
}

/** The number that every element is, if it is known and there is one. */
export function uniformValue(node: Expression): number | null {
  if (node.op === "broadcast") return uniformValue(node.inputs[0]);
  if (node.op !== "constant") return null;
  const { data } = node.attributes;
  return data.length > 0 && data.every((value) => Object.is(value, data[0])) ? data[0] : null;
}
