import { type Tree, treesUpTo } from "./trees.ts";

/** What defines an explicit Runge-Kutta method. */
export interface TableauDefinition {
  /** The word a spec uses. */
  readonly name: string;
  /** Where the coefficients are printed. */
  readonly source: string;
  /** Order of `b`. */
  readonly order: number;
  /** Stage times, as parts of the step. */
  readonly c: readonly number[];
  /** Row i weighs the slopes before stage i. */
  readonly a: readonly (readonly number[])[];
  /** Weights of the result. */
  readonly b: readonly number[];
  /** Weights of a result one order lower, from which the error is estimated. */
  readonly bHat?: readonly number[];
  /**
   * Weights of the state inside the step: b_i(theta) = sum over p of dense[i][p] theta^(p + 1), one order
   * lower. Left out where a cubic through both ends and their slopes does as well.
   */
  readonly dense?: readonly (readonly number[])[];
}

/** An explicit Runge-Kutta method, checked, with what follows from its coefficients. */
export interface Tableau extends TableauDefinition {
  /** Evaluations of the field that a step needs when the slope at its start is not known. */
  readonly evaluations: number;
  /** The last stage is the slope at the end of the step, so it is the first of the next ("first same as last"). */
  readonly fsal: boolean;
  /** b - bHat, null without an error estimate. */
  readonly errorWeights: readonly number[] | null;
}

/** Sums of products of printed decimals may be off by this much. */
const TOLERANCE = 1e-11;

/**
 * Checks a method and derives what follows from its coefficients.
 *
 * Checked: sizes, row sums (c_i = sum of row i, b_i = sum of row i of `dense`), and the order conditions of `b`, `bHat` and `dense`, one for each
 * rooted tree. Source: Hairer, Norsett, Wanner, "Solving Ordinary Differential Equations I", section II.2 and II.6.
 *
 * @throws {RangeError} If a check fails: it names the method and the condition.
 */
export function tableau(definition: TableauDefinition): Tableau {
  const { name, order, a, b, c, bHat, dense } = definition;
  const stages = c.length;
  const sizes = [a.length, b.length, bHat?.length ?? stages, dense?.length ?? stages];
  if (sizes.some((size) => size !== stages) || a.some((row, i) => row.length !== i)) {
    throw new RangeError(`The tableau "${name}" must be lower triangular with ${stages} stages`);
  }
  a.forEach((row, i) => {
    const total = row.reduce((s, x) => s + x, 0);
    if (Math.abs(total - c[i]) > TOLERANCE) {
      throw new RangeError(
        `Row ${i} of the tableau "${name}" must sum to c = ${c[i]}: found ${total}`,
      );
    }
  });
  const check = (
    what: string,
    weights: readonly number[],
    wanted: (tree: Tree) => number,
    p: number,
  ) => {
    for (const tree of treesUpTo(p)) {
      const found = weights.reduce((s, w, i) => s + w * elementaryWeight(tree, a, i), 0);
      if (Math.abs(found - wanted(tree)) > TOLERANCE) {
        throw new RangeError(
          `${what} of the tableau "${name}" must satisfy the order condition of tree ${
            JSON.stringify(tree.children.map((t) => t.order))
          } of order ${tree.order}: found ${found}, wanted ${wanted(tree)}`,
        );
      }
    }
  };
  check("b", b, (tree) => 1 / tree.density, order);
  if (bHat) check("bHat", bHat, (tree) => 1 / tree.density, order - 1);
  dense?.[0].forEach((_, p) => {
    const weights = dense.map((row) => row[p]);
    check(
      `theta^${p + 1}`,
      weights,
      (tree) => tree.order === p + 1 ? 1 / tree.density : 0,
      order - 1,
    );
  });
  dense?.forEach((row, i) => {
    const end = row.reduce((s, x) => s + x, 0);
    if (Math.abs(end - b[i]) > TOLERANCE) {
      throw new RangeError(
        `Row ${i} of the dense output of the tableau "${name}" must sum to b = ${
          b[i]
        }: found ${end}`,
      );
    }
  });

  const last = a[stages - 1];
  const fsal = stages > 1 && c[stages - 1] === 1 && b[stages - 1] === 0 &&
    last.every((x, i) => x === b[i]);
  return {
    ...definition,
    fsal,
    evaluations: fsal ? stages - 1 : stages,
    errorWeights: bHat ? b.map((x, i) => x - bHat[i]) : null,
  };
}

/** The product that a tree stands for at stage i. */
function elementaryWeight(tree: Tree, a: readonly (readonly number[])[], i: number): number {
  return tree.children.reduce(
    (product, child) =>
      product * a[i].reduce((s, w, j) => w === 0 ? s : s + w * elementaryWeight(child, a, j), 0),
    1,
  );
}
