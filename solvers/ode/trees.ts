/** A rooted tree: each is one condition on the coefficients of a Runge-Kutta method. */
export interface Tree {
  readonly children: readonly Tree[];
  /** Number of nodes. */
  readonly order: number;
  /** Product over all nodes of the order of the subtree there; the condition's right-hand side is its inverse. */
  readonly density: number;
}

/**
 * All rooted trees with at most `order` nodes: 1, 1, 2, 4, 9 of them with 1 to 5 nodes.
 *
 * Source: Hairer, Norsett, Wanner, "Solving Ordinary Differential Equations I", section II.2.
 */
export function treesUpTo(order: number): Tree[] {
  const found: Tree[] = [];
  for (let n = 1; n <= order; n++) {
    // A tree of n nodes is a root over a multiset of smaller trees with n - 1 nodes together.
    for (const children of forests(found, n - 1)) {
      found.push({ children, order: n, density: children.reduce((d, t) => d * t.density, n) });
    }
  }
  return found;
}

/** Multisets of `trees` with `nodes` nodes together. */
function forests(trees: readonly Tree[], nodes: number): Tree[][] {
  if (nodes === 0) return [[]];
  return trees.flatMap((tree, i) =>
    tree.order > nodes
      ? []
      : forests(trees.slice(i), nodes - tree.order).map((rest) => [tree, ...rest])
  );
}
