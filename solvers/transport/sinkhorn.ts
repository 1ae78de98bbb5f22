import { costRow, type Costs } from "./costs.ts";

/** How entropic transport is solved. */
export interface SinkhornOptions {
  /**
   * Weight of the entropy in the objective <P, C> + epsilon KL(P | a b), in the unit of the costs (squared
   * distance, where costs are squared distances). It is absolute: never scaled by the largest cost or
   * the mean cost of a batch, which would make every batch solve another problem.
   */
  readonly epsilon: number;
  /** Updates of both potentials at most. */
  readonly maxIterations: number;
  /** Largest accepted marginal error: sum over rows of |row mass - 1 / rows|. */
  readonly tolerance: number;
  /** Potentials near the solution, to start from instead of the solutions of larger epsilon. */
  readonly start?: { readonly f: Float64Array; readonly g: Float64Array };
}

/** The dual variables of an entropic plan between uniform weights, and how well they solve it. */
export interface Sinkhorn {
  /** Row and column potentials: P_ij = exp((f_i + g_j - C_ij) / epsilon) / (rows columns). */
  readonly f: Float64Array;
  /** Column potentials. */
  readonly g: Float64Array;
  /** The optimal objective <P, C> + epsilon KL(P | a b), by duality: mean f + mean g. */
  readonly value: number;
  /** Updates made. */
  readonly iterations: number;
  /** Sum over rows of |row mass - 1 / rows|; the column marginal is exact up to rounding. */
  readonly marginalError: number;
  /** Whether the marginal error is within the tolerance. */
  readonly converged: boolean;
  /** What to change where it has not converged. */
  readonly remedy: string | null;
}

/**
 * Entropic optimal transport between uniform weights, Sinkhorn's algorithm in the log domain.
 *
 * Every update is a log-sum-exp whose largest exponent is zero, so no epsilon over- or underflows; a small
 * epsilon costs iterations, not correctness. Successive halvings of epsilon from the largest cost down
 * supply the start (epsilon scaling), and while the potentials change little their kernel is kept (stabilised
 * scaling).
 *
 * Units: epsilon and the potentials are in the unit of the costs.
 * Source: Peyré & Cuturi, "Computational Optimal Transport", §4.4; Schmitzer, arXiv:1610.06519 (scaling).
 *
 * @returns Also when the iterations run out: then `converged` is false and `remedy` says what to do.
 * @throws {RangeError} If epsilon or tolerance is not positive, or maxIterations not a positive integer.
 */
export function sinkhorn(costs: Costs, options: SinkhornOptions): Sinkhorn {
  checkSinkhorn(options);
  const { epsilon, maxIterations, tolerance, start } = options;
  const f = start?.f.slice() ?? new Float64Array(costs.rows);
  const g = start?.g.slice() ?? new Float64Array(costs.columns);
  let iterations = 0;
  for (
    let coarse = start ? epsilon : largest(costs);
    coarse > epsilon && iterations < maxIterations;
    coarse /= 2
  ) {
    updateLog(costs, coarse, f, g);
    iterations++;
  }
  let marginalError = Infinity;
  while (iterations < maxIterations && marginalError > tolerance) {
    marginalError = updateLog(costs, epsilon, f, g);
    iterations++;
    if (marginalError <= tolerance) break;
    const scaled = updateScalings(costs, f, g, {
      epsilon,
      tolerance,
      maxIterations: maxIterations - iterations,
    });
    iterations += scaled.iterations;
    marginalError = scaled.marginalError;
  }
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

/** Checks the settings; @throws {RangeError} as {@linkcode sinkhorn}. */
export function checkSinkhorn({ epsilon, maxIterations, tolerance }: SinkhornOptions): void {
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
}

/** Scalings leave the potentials' kernel when their logarithms pass this: far from under- and overflow at 700. */
const MOST_LOG_SCALING = 100;

/**
 * Iterates on exp((f + g - C) / epsilon), stored once, so that an update is sums of products without a single
 * exp, until it has converged or a scaling grows so much that the kernel must be made anew. The scalings are
 * then part of f and g.
 */
function updateScalings(
  costs: Costs,
  f: Float64Array,
  g: Float64Array,
  { epsilon, tolerance, maxIterations }: SinkhornOptions,
): { iterations: number; marginalError: number } {
  const { rows, columns } = costs;
  const kernel = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const at = costs.seek(i);
    for (let j = 0; j < columns; j++) {
      kernel[i * columns + j] = Math.exp((f[i] + g[j] - costs.data[at + j]) / epsilon);
    }
  }
  const a = new Float64Array(rows).fill(1);
  const b = new Float64Array(columns).fill(1);
  const [low, high] = [Math.exp(-MOST_LOG_SCALING), Math.exp(MOST_LOG_SCALING)];
  const total = new Float64Array(columns);
  let iterations = 0;
  let marginalError = Infinity;
  for (let stable = true; stable && iterations < maxIterations;) {
    iterations++;
    let error = 0;
    total.fill(0);
    for (let i = 0, at = 0; i < rows; i++, at += columns) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += kernel[at + j] * b[j];
      const updated = columns / sum;
      error += Math.abs(a[i] / updated - 1) / rows;
      a[i] = updated;
      stable &&= updated > low && updated < high;
      for (let j = 0; j < columns; j++) total[j] += kernel[at + j] * updated;
    }
    for (let j = 0; j < columns; j++) {
      b[j] = rows / total[j];
      stable &&= b[j] > low && b[j] < high;
    }
    marginalError = error;
    if (error <= tolerance) break;
  }
  for (let i = 0; i < rows; i++) f[i] += epsilon * Math.log(a[i]);
  for (let j = 0; j < columns; j++) g[j] += epsilon * Math.log(b[j]);
  return { iterations, marginalError };
}

/**
 * One update of f and of g. Returns the error of the row marginal under the incoming potentials: with
 * f' the update, row i carries exp((f_i - f'_i) / epsilon) / rows.
 */
function updateLog(costs: Costs, epsilon: number, f: Float64Array, g: Float64Array): number {
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
export function softMinimum(row: Float64Array, g: Float64Array, epsilon: number): number {
  let peak = -Infinity;
  for (let j = 0; j < row.length; j++) {
    const reduced = g[j] - row[j];
    if (reduced > peak) peak = reduced;
  }
  let total = 0;
  for (let j = 0; j < row.length; j++) total += Math.exp((g[j] - row[j] - peak) / epsilon);
  return -peak - epsilon * Math.log(total / row.length);
}

/** The largest cost. */
export function largest(costs: Costs): number {
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
