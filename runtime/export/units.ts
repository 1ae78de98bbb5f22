import { constant, divide, type Expression, minus, plus, reshape, times } from "../../graph/mod.ts";
import type { Space } from "./deploy_file.ts";

/** Samples in units of the data, [n, ...event], as the network sees them, [n, d]. */
export function toNetwork(x: Expression, { eventShape, standardization }: Space): Expression {
  const flat = reshape(x, [x.shape[0], sizeOf(eventShape)]);
  if (standardization === null) return flat;
  const { mean, scale } = standardization;
  return divide(minus(flat, rowOf(mean)), rowOf(scale));
}

/** Samples as the network sees them, [..., d], in units of the data, [..., ...event]. */
export function toData(z: Expression, { eventShape, standardization }: Space): Expression {
  const x = standardization === null
    ? z
    : plus(rowOf(standardization.mean), times(rowOf(standardization.scale), z));
  return reshape(x, [...z.shape.slice(0, -1), ...eventShape]);
}

/** Differences of samples as the network sees them, in units of the data: scaled, and not shifted. */
export function differenceToData(
  dz: Expression,
  { eventShape, standardization }: Space,
): Expression {
  const dx = standardization === null ? dz : times(rowOf(standardization.scale), dz);
  return reshape(dx, [...dz.shape.slice(0, -1), ...eventShape]);
}

function rowOf(values: Float64Array): Expression {
  return constant(values, [1, values.length]);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
