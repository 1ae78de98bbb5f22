import { type Expression, OPS, topological } from "../../../graph/mod.ts";

/** In which order expressions are computed, and how long their values are wanted. */
export interface Plan {
  /** Inputs before users. */
  readonly order: readonly Expression[];
  /** How many times each value is wanted: by an expression after it, or as a result. */
  readonly wanted: ReadonlyMap<Expression, number>;
  /** Of every loop, which of its results somebody uses. */
  readonly results: ReadonlyMap<Expression, ReadonlySet<number>>;
}

/**
 * The plan of `ys`. Loops whose number of iterations is a size come before all else: others may mention it.
 */
export function planOf(ys: readonly Expression[]): Plan {
  const given = topological(ys);
  const counting = given.filter((node) =>
    node.op === "loop" && typeof node.attributes.length === "string"
  );
  const order = counting.length === 0 ? given : topological([...counting, ...ys]);
  const wanted = new Map<Expression, number>();
  const results = new Map<Expression, Set<number>>();
  const want = (x: Expression) => wanted.set(x, (wanted.get(x) ?? 0) + 1);
  for (const node of order) {
    for (const x of node.inputs as readonly Expression[]) {
      want(x);
      if (OPS[x.op].multiple === undefined) continue;
      const used = results.get(x) ?? new Set();
      results.set(x, used.add(resultOf(node)));
    }
  }
  ys.forEach(want);
  return { order, wanted, results };
}

/** Which result of its input an expression takes. */
export function resultOf(node: Expression): number {
  return node.op === "item" ? OPS.item.result!(node.attributes) : 0;
}
