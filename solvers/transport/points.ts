/**
 * A cloud of `count` points in R^dim in float64, row by row.
 *
 * Transport works in float64 whatever the tensors hold: a sum of n float32 weights of 1/n is not one,
 * and a solver that checks its marginals then refuses sound input or returns a plan of zeros.
 */
export interface Points {
  /** Coordinates, [count, dim] in row-major order. */
  readonly data: Float64Array;
  /** How many points. */
  readonly count: number;
  /** Coordinates of a point. */
  readonly dim: number;
}

/**
 * Widens a tensor to float64 points: the first axis counts them, the others are flattened.
 *
 * @throws {RangeError} If the shape does not fit the data or a coordinate is not finite.
 */
export function pointsOf(
  tensor: { readonly data: ArrayLike<number>; readonly shape: readonly number[] },
  name = "the points",
): Points {
  const [count, ...event] = tensor.shape;
  const dim = event.reduce((product, size) => product * size, 1);
  if (count === undefined || count * dim !== tensor.data.length) {
    throw new RangeError(
      `Cannot read ${name} as points: shape [${tensor.shape}] does not fit ${tensor.data.length} numbers`,
    );
  }
  const data = Float64Array.from(tensor.data);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      throw new RangeError(
        `Cannot transport ${name}: coordinates must be finite, row ${Math.floor(i / dim)} column ${
          i % dim
        } is ${data[i]}`,
      );
    }
  }
  return { data, count, dim };
}
