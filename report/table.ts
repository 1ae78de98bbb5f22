import type { Tensor } from "../graph/mod.ts";

/** Rows and columns of a tensor, its event axes flattened into one. */
export interface Table {
  readonly rows: number;
  readonly width: number;
  readonly at: (row: number, column: number) => number;
}

/**
 * Reads a tensor [rows, ...event] as a table of `rows` by the product of the event sizes.
 *
 * @param name How messages call the tensor.
 * @throws {RangeError} If the shape has no batch axis or does not hold the data.
 */
export function tableOf(tensor: Tensor, name: string): Table {
  const [rows, ...event] = tensor.shape;
  const width = event.reduce((product, size) => product * size, 1);
  if (tensor.shape.length === 0 || rows * width !== tensor.data.length) {
    throw new RangeError(
      `Cannot draw ${name} as its shape must be [rows, ...event] and hold its data: ` +
        `shape [${tensor.shape}], ${tensor.data.length} values`,
    );
  }
  return { rows, width, at: (row, column) => tensor.data[row * width + column] };
}

/** One column, without what is not finite (a plot has no place for it). */
export function columnOf(table: Table, column: number): number[] {
  const values: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    const value = table.at(row, column);
    if (Number.isFinite(value)) values.push(value);
  }
  return values;
}

/** Evenly spread row numbers, at most `limit` of them, the same ones for the same sizes. */
export function spread(rows: number, limit: number): number[] {
  const count = Math.min(rows, limit);
  return Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
}

/** Smallest interval that holds the central `mass` of the values, widened by `pad` of its length. */
export function extentOf(values: readonly number[], mass = 1, pad = 0.04): [number, number] {
  if (values.length === 0) return [0, 1];
  const sorted = Float64Array.from(values).sort();
  const tail = Math.floor(((1 - mass) / 2) * (sorted.length - 1));
  const low = sorted[tail];
  const high = sorted[sorted.length - 1 - tail];
  const margin = high > low ? (high - low) * pad : Math.max(Math.abs(high), 1) * 0.5;
  return [low - margin, high + margin];
}

/** The names of `width` columns: those given, else x1, x2, ... */
export function columnNames(width: number, columns?: readonly string[]): string[] {
  if (columns !== undefined && columns.length !== width) {
    throw new RangeError(
      `Cannot name the columns as there must be one name per column: ${columns.length} names, ` +
        `${width} columns`,
    );
  }
  return columns ? [...columns] : Array.from({ length: width }, (_, i) => `x${subscript(i + 1)}`);
}

function subscript(n: number): string {
  return [...String(n)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}
