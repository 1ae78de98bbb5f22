import type { Costs } from "./costs.ts";

/** Weights of both sides in whole units of equal total. */
export interface Units {
  readonly supply: Float64Array;
  readonly demand: Float64Array;
  /**
   * The same, many times over, with small amounts added so that no set of rows needs exactly what a set of
   * columns has, but for all of them: then no tree has a flow of zero. A tree whose flows are positive
   * for these weights has no negative flow for those above.
   */
  readonly perturbedSupply: Float64Array;
  readonly perturbedDemand: Float64Array;
}

/**
 * Turns weights into whole units, few enough that all sums stay exact in float64.
 *
 * @throws {RangeError} If a side is empty, or a weight is negative or not finite, or all are zero.
 */
export function wholeUnits(
  { rows, columns }: Costs,
  { rowWeights, columnWeights }: {
    readonly rowWeights?: ArrayLike<number>;
    readonly columnWeights?: ArrayLike<number>;
  },
): Units {
  if (rows === 0 || columns === 0) {
    throw new RangeError(
      `Cannot transport between empty sets: the cost matrix is [${rows}, ${columns}]`,
    );
  }
  if (!rowWeights && !columnWeights) {
    return perturb(
      new Float64Array(rows).fill(columns),
      new Float64Array(columns).fill(rows),
    );
  }
  const equal = (count: number) => new Float64Array(count).fill(1);
  const [a, b] = [rowWeights ?? equal(rows), columnWeights ?? equal(columns)];
  const [sumA, sumB] = [checkedSum("row", a, rows), checkedSum("column", b, columns)];
  let negligible = 0; // columns that may round to no unit at all
  for (let j = 0; j < columns; j++) if (b[j] < 1e-9 * sumB) negligible++;
  const total = Math.floor(2 ** 52 / ((rows + 1) * (negligible + 2)));
  return perturb(rounded(a, sumA, total), rounded(b, sumB, total));
}

/** Rows get empty + 1 more, empty columns 1, and the last column that is not empty the rest. */
function perturb(supply: Float64Array, demand: Float64Array): Units {
  const empty = demand.reduce((count, units) => count + (units === 0 ? 1 : 0), 0);
  const surplus = supply.length * (empty + 1);
  const last = demand.findLastIndex((units) => units > 0);
  return {
    supply,
    demand,
    perturbedSupply: supply.map((units) => units * (surplus + 1) + empty + 1),
    perturbedDemand: demand.map((units, j) =>
      units * (surplus + 1) + (units === 0 ? 1 : 0) + (j === last ? surplus - empty : 0)
    ),
  };
}

function checkedSum(side: string, weights: ArrayLike<number>, count: number): number {
  if (weights.length !== count) {
    throw new RangeError(`Cannot weigh ${count} ${side}s with ${weights.length} numbers`);
  }
  let sum = 0;
  for (let i = 0; i < count; i++) {
    if (!(weights[i] >= 0 && weights[i] < Infinity)) {
      throw new RangeError(
        `Cannot transport as weights must be finite and not negative: ${side} ${i} has ${
          weights[i]
        }`,
      );
    }
    sum += weights[i];
  }
  if (!(sum > 0 && sum < Infinity)) {
    throw new RangeError(`Cannot transport as the weights of the ${side}s sum to ${sum}`);
  }
  return sum;
}

/** Whole numbers in proportion to the weights: running sums are rounded, so the total is met exactly. */
function rounded(weights: ArrayLike<number>, sum: number, total: number): Float64Array {
  const units = new Float64Array(weights.length);
  let running = 0;
  let given = 0;
  for (let i = 0; i < units.length; i++) {
    running += weights[i];
    const upTo = i === units.length - 1 ? total : Math.round((running / sum) * total);
    units[i] = upTo - given;
    given = upTo;
  }
  return units;
}
