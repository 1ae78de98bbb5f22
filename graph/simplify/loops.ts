/** Loops without what nobody reads, and one loop where two do the same. */
import { variable } from "../build/leaf.ts";
import { loop } from "../build/loop.ts";
import { build, topological } from "../expression.ts";
import { splitInputs } from "../loop_body.ts";
import { controlOf, openBody } from "../open_body.ts";
import { substitute } from "../substitute.ts";
import type { Expression, Node } from "../types.ts";

/**
 * The results of a loop that are read, from a loop that computes no others; null for those that are
 * not read.
 *
 * States that never change become captured values, and what does not depend on the iteration leaves
 * the body.
 */
export function pruneLoop(node: Node<"loop">, read: ReadonlySet<number>): (Expression | null)[] {
  const { body } = node.attributes;
  const { initial } = splitInputs<Expression>(node, node.inputs);
  const states = body.state.length;
  const rows = body.collect.flatMap((_, k) => read.has(states + k) ? [k] : []);
  const still = body.state.map((x, k) => body.next[k] === x);
  const live = liveStates(node, read, rows.map((k) => body.collect[k]), still);
  const kept = body.state.flatMap((_, k) => live[k] && !still[k] ? [k] : []);
  const everyState = (state: readonly Expression[]) =>
    body.state.map((x, k) => still[k] ? initial[k] : live[k] ? state[kept.indexOf(k)] : x);
  const result = loop({
    state: kept.map((k) => initial[k]),
    ...controlOf(node, everyState),
    body: (index, ...state) => {
      const roots = [...kept.map((k) => body.next[k]), ...rows.map((k) => body.collect[k])];
      const opened = openBody(node, roots, index, everyState(state));
      return { state: opened.slice(0, kept.length), collect: opened.slice(kept.length) };
    },
  });
  return [
    ...body.state.map((_, k) =>
      still[k] ? initial[k] : live[k] ? result.state[kept.indexOf(k)] : null
    ),
    ...body.collect.map((_, k) => result.collected[rows.indexOf(k)] ?? null),
    result.iterations,
  ];
}

/** For each state, whether something that is read depends on it. */
function liveStates(
  { attributes: { body } }: Node<"loop">,
  read: ReadonlySet<number>,
  rows: readonly Expression[],
  still: readonly boolean[],
): boolean[] {
  const live = body.state.map((_, k) => read.has(k) && !still[k]);
  for (;;) {
    const roots = [
      ...body.next.filter((_, k) => live[k]),
      ...rows,
      ...(body.condition ? [body.condition] : []),
    ];
    const seen = new Set(topological(roots));
    const grown = body.state.map((x, k) => live[k] || seen.has(x));
    if (grown.every((mark, k) => mark === live[k])) return live;
    live.splice(0, live.length, ...grown);
  }
}

/**
 * `ys` with each loop whose states are among those of another left out, the other doing its work
 * too.
 *
 * A loop and its derivatives run the same iterations: this is what makes them one.
 */
export function mergeLoops(ys: readonly Expression[]): Expression[] {
  let merged = [...ys];
  for (;;) {
    const map = firstMerge(merged);
    if (map === null) return merged;
    merged = substitute(merged, map);
  }
}

function firstMerge(ys: readonly Expression[]): Map<Expression, Expression> | null {
  const loops = topological(ys).filter((node) => node.op === "loop") as Node<"loop">[];
  for (const small of loops) {
    for (const large of loops) {
      if (
        small === large || small.attributes.body.state.length > large.attributes.body.state.length
      ) {
        continue;
      }
      const map = alikeControl(small, large) ? absorb(small, large) : null;
      if (map !== null) return map;
    }
  }
  return null;
}

function alikeControl(a: Node<"loop">, b: Node<"loop">): boolean {
  const counts = [a, b].map((node) => node.attributes.counted ? node.inputs[0] : null);
  const conditions = [a, b].map((node) => node.attributes.body.condition === null);
  return counts[0] === counts[1] && conditions[0] === conditions[1];
}

/**
 * The results of both loops in terms of one that does the work of both, or null if there is none.
 */
function absorb(small: Node<"loop">, large: Node<"loop">): Map<Expression, Expression> | null {
  const [a, b] = [small.attributes.body, large.attributes.body];
  const [from, to] = [small, large].map((node) => splitInputs<Expression>(node, node.inputs));
  const candidates = a.state.map((_, k) =>
    b.state.flatMap((_, j) => from.initial[k] === to.initial[j] ? [j] : [])
  );
  if (topological(large.inputs).includes(small) || topological(small.inputs).includes(large)) {
    return null;
  }
  const captures = a.captured.map((x, k) => {
    const same = to.captured.indexOf(from.captured[k]);
    return same < 0 ? variable("absent", x.shape, x.dtype, k) : b.captured[same];
  });
  const inLarge = (xs: readonly Expression[]) => {
    const map = new Map<Expression, Expression>([[a.index, b.index]]);
    a.state.forEach((x, k) => map.set(x, b.state[candidates[k][0]]));
    a.captured.forEach((x, k) => map.set(x, captures[k]));
    return substitute(xs, map);
  };
  for (;;) {
    if (candidates.some((list) => list.length === 0)) return null;
    const wrong = inLarge(a.next).findIndex((x, k) => x !== b.next[candidates[k][0]]);
    if (wrong < 0) break;
    candidates[wrong].shift();
  }
  if (a.condition && inLarge([a.condition])[0] !== b.condition) return null;

  const both = loop({
    state: to.initial,
    ...controlOf(large),
    body: (index, ...state) => ({
      state: openBody(large, b.next, index, state),
      collect: [
        ...openBody(large, b.collect, index, state),
        ...openBody(small, a.collect, index, candidates.map(([j]) => state[j])),
      ],
    }),
  });
  const rows = both.collected.slice(b.collect.length);
  return new Map([
    ...itemsOf(small, [...candidates.map(([j]) => both.state[j]), ...rows, both.iterations]),
    ...itemsOf(large, [
      ...both.state,
      ...both.collected.slice(0, b.collect.length),
      both.iterations,
    ]),
  ]);
}

/** Pairs of each result of a loop with what takes its place. */
function itemsOf(
  node: Node<"loop">,
  results: readonly Expression[],
): (readonly [Expression, Expression])[] {
  return results.map((result, index) => [build("item", [node], { index }), result] as const);
}
