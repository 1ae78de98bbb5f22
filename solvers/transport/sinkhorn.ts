import { costRow, type Costs } from "./costs.ts";

/** How entropic transport is solved. */
export interface SinkhornOptions {
  /**
   * Weight of the entropy in the objective <P, C> + epsilon KL(P | a b), in the unit of the costs (squared
   * distance, where costs are squared distances). It is absolute: never scaled by the largest cost or
   * the mean cost of a batch, which would make every batch solve another problem.
   */
  readonly epsilon: number;
  readonly maxIterations: number;
  /** Largest accepted marginal error: sum over rows of |row mass - 1 / rows|. */
  readonly tolerance: number;
}

/** The dual variables of an entropic plan between uniform weights, and how well they solve it. */
export interface Sinkhorn {
  /** Row and column potentials: P_ij = exp((f_i + g_j - C_ij) / epsilon) / (rows columns). */
  readonly f: Float64Array;
  readonly g: Float64Array;
  /** The optimal objective <P, C> + epsilon KL(P | a b), by duality: mean f + mean g. */
  readonly value: number;
  readonly iterations: number;
  /** Sum over rows of |row mass - 1 / rows|; the column marginal is exact up to rounding. */
  readonly marginalError: number;
  readonly converged: boolean;
  /** What to change where it has not converged. */
  readonly remedy: string | null;
}

/**
 * Entropic optimal transport between uniform weights, Sinkhorn's algorithm in the log domain.
 *
 * Every update is a log-sum-exp whose largest exponent is zero, so no epsilon over- or underflows; a small
 * epsilon costs iterations, not correctness. Successive halvings of epsilon from the largest cost down
 * supply the start (epsilon scaling).
 *
 * Units: epsilon and the potentials are in the unit of the costs.
 * Source: Peyré & Cuturi, "Computational Optimal Transport", §4.4; Schmitzer, arXiv:1610.06519 (scaling).
 *
 * @returns Also when the iterations run out: then `converged` is false and `remedy` says what to do.
 * @throws {RangeError} If epsilon or tolerance is not positive, or maxIterations not a positive integer.
 */
export function sinkhorn(costs: Costs, options: SinkhornOptions): Sinkhorn {
  const { epsilon, maxIterations, tolerance } = options;
  if (!(epsilon > 0 && Number.isFinite(epsilon))) {
    throw new RangeError(`Cannot solve entropic transport as epsilon must be positive: ${epsilon}`);
  }
  if (!(tolerance > 0)) {
    throw new RangeError(
      `Cannot solve entropic transport as the tolerance must be positive: ${tolerance}`,
    );
  }
  if (!Number.isInteger(maxIterations) || maxIterations < 1) {
    throw new RangeError(
      `Cannot solve entropic transport as maxIterations must be a positive integer: ${maxIterations}`,
    );
  }
  const f = new Float64Array(costs.rows);
  const g = new Float64Array(costs.columns);
  let iterations = 0;
  let marginalError = Infinity;
  for (let weight = Math.max(epsilon, largest(costs)); iterations < maxIterations;) {
    const error = iterate(costs, weight, f, g);
    iterations++;
    if (weight === epsilon) {
      marginalError = error;
      if (error <= tolerance) break;
    } else weight = Math.max(epsilon, weight / 2);
  }
  // The last update was of g: the error of the row marginal belongs to the potentials before it.
  const converged = marginalError <= tolerance;
  return {
    f,
    g,
    value: mean(f) + mean(g),
    iterations,
    marginalError,
    converged,
    remedy: converged
      ? null
      : `the marginal error is ${marginalError} after ${iterations} iterations, more than ${tolerance}; ` +
        `raise maxIterations, loosen the tolerance or raise epsilon (${epsilon})`,
  };
}

/**
 * One update of f and of g. Returns the error of the row marginal under the incoming potentials: with
 * f' the update, row i carries exp((f_i - f'_i) / epsilon) / rows.
 */
function iterate(costs: Costs, epsilon: number, f: Float64Array, g: Float64Array): number {
  const { rows, columns } = costs;
  const peak = new Float64Array(columns).fill(-Infinity);
  const total = new Float64Array(columns);
  let error = 0;
  for (let i = 0; i < rows; i++) {
    const row = costRow(costs, i);
    const updated = softMinimum(row, g, epsilon);
    error += Math.abs(Math.exp((f[i] - updated) / epsilon) - 1) / rows;
    f[i] = updated;
    for (let j = 0; j < columns; j++) {
      const exponent = (updated - row[j]) / epsilon;
      if (exponent <= peak[j]) total[j] += Math.exp(exponent - peak[j]);
      else {
        total[j] = total[j] * Math.exp(peak[j] - exponent) + 1;
        peak[j] = exponent;
      }
    }
  }
  for (let j = 0; j < columns; j++) g[j] = -epsilon * (peak[j] + Math.log(total[j] / rows));
  return error;
}

/** -epsilon log mean_j exp((g_j - c_j) / epsilon). */
function softMinimum(row: Float64Array, g: Float64Array, epsilon: number): number {
  let peak = -Infinity;
  for (let j = 0; j < row.length; j++) {
    const reduced = g[j] - row[j];
    if (reduced > peak) peak = reduced;
  }
  let total = 0;
  for (let j = 0; j < row.length; j++) total += Math.exp((g[j] - row[j] - peak) / epsilon);
  return -peak - epsilon * Math.log(total / row.length);
}

function largest(costs: Costs): number {
  let found = 0;
  for (let i = 0; i < costs.rows; i++) {
    const row = costRow(costs, i);
    for (let j = 0; j < row.length; j++) found = Math.max(found, row[j]);
  }
  return found;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
